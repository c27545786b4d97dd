#ifndef NEXT_PROFILING_STACK_TABLE_H_
#define NEXT_PROFILING_STACK_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "frame-table.h"
#include "json-writer.h"
#include "v8-symbols.h"

namespace next_profiling {

// The empty stack: the thread was idle.
constexpr int32_t kIdleStack = 0;

// Deeper stacks keep this many frames of each end: the leaf says what burned, the root for whom. V8 itself walks at most
// 255 physical frames from the leaf, so of a deeper one the root end that is kept is the outermost that V8 saw.
constexpr size_t kLeafFramesKept = 160;
constexpr size_t kRootFramesKept = 64;

// The stacks of one chunk, leaf first and unique. A node of V8's tree is a stack: within one profile its id is enough
// to recognise it.
class StackTable {
 public:
  StackTable(const V8Symbols& v8, FrameTable* frames);

  // Node ids start again with every profile.
  void NextProfile() { by_node_.clear(); }

  // The index of a node's stack, added on first sight.
  int32_t IndexOf(const V8CpuProfileNode* node);

  // Writes all stacks as the elements of a JSON array.
  void Write(JsonWriter* json) const;

 private:
  using Stack = std::vector<int32_t>;
  struct StackHash {
    size_t operator()(const Stack& stack) const;
  };

  int32_t Add(const V8CpuProfileNode* leaf);
  int32_t Intern(Stack stack);
  bool IsRoot(const V8CpuProfileNode* node) const { return v8_.node_parent(node) == nullptr; }
  bool IsIdle(const V8CpuProfileNode* node) const;

  const V8Symbols& v8_;
  FrameTable* const frames_;
  std::unordered_map<Stack, int32_t, StackHash> index_;
  // In order of their index.
  std::vector<const Stack*> stacks_;
  std::vector<int32_t> by_node_;
  // Scratch space of Add().
  std::vector<const V8CpuProfileNode*> nodes_;
};

}  // namespace next_profiling

#endif  // NEXT_PROFILING_STACK_TABLE_H_

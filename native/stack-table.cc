#include "stack-table.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace next_profiling {

namespace {

constexpr int32_t kUnknown = -1;

}  // namespace

size_t StackTable::StackHash::operator()(const Stack& stack) const {
  uint64_t hash = stack.size();
  for (const int32_t frame : stack) hash = (hash ^ static_cast<uint32_t>(frame)) * 0x9E3779B97F4A7C15u;
  return static_cast<size_t>(hash ^ (hash >> 29));
}

StackTable::StackTable(const V8Symbols& v8, FrameTable* frames) : v8_(v8), frames_(frames) { Intern({}); }

int32_t StackTable::IndexOf(const V8CpuProfileNode* node) {
  const size_t id = v8_.node_id(node);
  if (id >= by_node_.size()) by_node_.resize(std::max(id + 1, by_node_.size() * 2), kUnknown);
  if (by_node_[id] == kUnknown) by_node_[id] = Add(node);
  return by_node_[id];
}

int32_t StackTable::Add(const V8CpuProfileNode* leaf) {
  if (IsRoot(leaf) || IsIdle(leaf)) return kIdleStack;
  nodes_.clear();
  for (const V8CpuProfileNode* node = leaf; !IsRoot(node); node = v8_.node_parent(node)) nodes_.push_back(node);

  Stack stack;
  const bool too_deep = nodes_.size() > kLeafFramesKept + kRootFramesKept;
  const size_t leaf_end = too_deep ? kLeafFramesKept : nodes_.size();
  for (size_t i = 0; i < leaf_end; i++) stack.push_back(frames_->IndexOf(nodes_[i]));
  if (too_deep) {
    stack.push_back(frames_->OmittedIndex());
    for (size_t i = nodes_.size() - kRootFramesKept; i < nodes_.size(); i++) {
      stack.push_back(frames_->IndexOf(nodes_[i]));
    }
  }
  return Intern(std::move(stack));
}

int32_t StackTable::Intern(Stack stack) {
  const auto found = index_.emplace(std::move(stack), static_cast<int32_t>(stacks_.size()));
  if (found.second) stacks_.push_back(&found.first->first);
  return found.first->second;
}

bool StackTable::IsIdle(const V8CpuProfileNode* node) const {
  return IsRoot(v8_.node_parent(node)) && std::strcmp(v8_.node_function_name(node), "(idle)") == 0;
}

void StackTable::Write(JsonWriter* json) const {
  for (size_t i = 0; i < stacks_.size(); i++) {
    json->Raw(i > 0 ? ",[" : "[");
    const Stack& stack = *stacks_[i];
    for (size_t j = 0; j < stack.size(); j++) {
      if (j > 0) json->Raw(',');
      json->Integer(stack[j]);
    }
    json->Raw(']');
  }
}

}  // namespace next_profiling

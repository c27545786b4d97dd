#ifndef NEXT_PROFILING_FRAME_TABLE_H_
#define NEXT_PROFILING_FRAME_TABLE_H_

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "json-writer.h"
#include "v8-symbols.h"

namespace next_profiling {

// The frames of one chunk, unique by function and position: names and scripts are interned by V8,
// so within one profile their addresses are their identity.
class FrameTable {
 public:
  // `root`: the application's folder; file and module names are given relative to it.
  FrameTable(const V8Symbols& v8, const std::string& root);

  // The index of a node's frame, added on first sight.
  int32_t IndexOf(const V8CpuProfileNode* node);
  // The index of the frame that stands for the middle of a stack that was too deep.
  int32_t OmittedIndex();

  // Writes all frames as the elements of a JSON array.
  void Write(JsonWriter* json) const;
  // The scripts that frames came from.
  std::vector<std::string> Scripts() const;

 private:
  struct Frame {
    const char* function;
    const char* script;
    int line;
    int column;
    bool operator==(const Frame& other) const {
      return function == other.function && script == other.script && line == other.line && column == other.column;
    }
  };
  struct FrameHash {
    size_t operator()(const Frame& frame) const;
  };

  int32_t Add(const Frame& frame);
  void WriteFrame(const Frame& frame, JsonWriter* json) const;

  const V8Symbols& v8_;
  const std::string root_;
  std::vector<Frame> frames_;
  std::unordered_map<Frame, int32_t, FrameHash> index_;
};

}  // namespace next_profiling

#endif  // NEXT_PROFILING_FRAME_TABLE_H_

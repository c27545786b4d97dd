#ifndef NEXT_PROFILING_V8_SYMBOLS_H_
#define NEXT_PROFILING_V8_SYMBOLS_H_

#include <cstdint>

#include "result.h"

namespace next_profiling {

// V8's profiler as we use it: opaque pointers and plain functions. No V8 header is included, so
// nothing of one Node version's inline code is compiled into a binary that runs on all of them.
struct V8Isolate;
struct V8CpuProfiler;
struct V8CpuProfile;
struct V8CpuProfileNode;
// A v8::Local: one word, and bit for bit what Node-API calls a napi_value.
using V8LocalString = void*;
using V8LocalValue = void*;

// The numeric values of V8's enums; the same in V8 10.2 to 14.6 (include/v8-profiler.h).
constexpr int kDebugNaming = 1;
constexpr int kLazyLogging = 0;
constexpr int kEagerLogging = 1;
// A node's line and column are those of its function's definition: always a pair, always in the
// node's own file. The alternative, caller lines, puts a line of the *calling* file beside the
// callee's name.
constexpr int kLeafNodeLineNumbers = 0;
constexpr unsigned kNoSampleLimit = 0xFFFFFFFFu;
// Scavenges, minor and full collections: those that move objects.
constexpr int kMovingGcTypes = 7;

using V8GcCallback = void (*)(V8Isolate*, int type, int flags, void* data);

struct V8StartResult {
  uint32_t id;
  int32_t status;
};
constexpr int32_t kStarted = 0;

// The V8 functions whose mangled names are identical in Node 18 to 26, looked up in the running
// executable.
struct V8Symbols {
  V8Isolate* (*isolate_get_current)();

  V8CpuProfiler* (*profiler_new)(V8Isolate*, int naming_mode, int logging_mode);
  void (*profiler_dispose)(V8CpuProfiler*);
  void (*profiler_set_sampling_interval)(V8CpuProfiler*, int micros);
  V8StartResult (*profiler_start)(V8CpuProfiler*, V8LocalString title, int mode, bool record_samples,
                                  unsigned max_samples);
  V8CpuProfile* (*profiler_stop)(V8CpuProfiler*, uint32_t id);

  // Isolate thread only.
  void (*profile_delete)(V8CpuProfile*);

  // These may be called on any thread between stop and delete: they read plain C++ memory.
  int (*profile_samples_count)(const V8CpuProfile*);
  const V8CpuProfileNode* (*profile_sample)(const V8CpuProfile*, int index);
  int64_t (*profile_sample_timestamp)(const V8CpuProfile*, int index);
  int64_t (*profile_start_time)(const V8CpuProfile*);
  int64_t (*profile_end_time)(const V8CpuProfile*);
  // Regular ticks that found this node on top.
  unsigned (*node_hit_count)(const V8CpuProfileNode*);
  unsigned (*node_id)(const V8CpuProfileNode*);
  const V8CpuProfileNode* (*node_parent)(const V8CpuProfileNode*);
  // Interned: within one profile, equal strings are equal pointers.
  const char* (*node_function_name)(const V8CpuProfileNode*);
  const char* (*node_script_name)(const V8CpuProfileNode*);
  int (*node_line)(const V8CpuProfileNode*);
  int (*node_column)(const V8CpuProfileNode*);

  // The table for this process, or the name of the first function that its V8 does not have.
  static Result<V8Symbols> Load();
};

// The V8 functions that reading the async context takes; the same in Node 22 to 26. Older ones lack some.
struct V8ContextSymbols {
  V8Isolate* (*isolate_get_current)();
  // "Continuation-preserved embedder data": a Local whose word is the frame's address.
  V8LocalValue (*get_async_context_frame)(V8Isolate*);
  // Reads the object's type; neither allocates nor calls anything. The argument points to the object's address.
  bool (*value_is_map)(const uintptr_t* value);
  uintptr_t* (*globalize_reference)(V8Isolate*, uintptr_t value);
  void (*dispose_global)(uintptr_t* global);
  void (*add_gc_prologue_callback)(V8Isolate*, V8GcCallback, void* data, int gc_types);
  void (*add_gc_epilogue_callback)(V8Isolate*, V8GcCallback, void* data, int gc_types);
  void (*remove_gc_prologue_callback)(V8Isolate*, V8GcCallback, void* data);
  void (*remove_gc_epilogue_callback)(V8Isolate*, V8GcCallback, void* data);

  static Result<V8ContextSymbols> Load();
};

}  // namespace next_profiling

#endif  // NEXT_PROFILING_V8_SYMBOLS_H_

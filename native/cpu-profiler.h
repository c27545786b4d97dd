#ifndef NEXT_PROFILING_CPU_PROFILER_H_
#define NEXT_PROFILING_CPU_PROFILER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "result.h"
#include "sample-context.h"
#include "v8-symbols.h"

namespace next_profiling {

// One stopped V8 profile. While `in_use` is set it waits for a serializer or is read by one, and is not deleted.
struct StoppedProfile {
  V8CpuProfile* profile = nullptr;
  // Sample clock when Start() had returned: earlier samples show the profiler starting itself.
  int64_t started_micros = 0;
  int64_t stopped_micros = 0;
  // What to add to a sample's time to get Unix time, microseconds.
  int64_t unix_offset_micros = 0;
  std::atomic<bool> in_use{true};
};

// Owns one v8::CpuProfiler of one isolate. All methods belong on the isolate's thread.
//
// V8 deletes a profile's code entries with a reference count that is decremented and then read again, so a Delete()
// that runs beside a live sampler thread can free an entry twice. Therefore profiles are only ever deleted between a
// stop and the next start, or while nothing samples: see DeleteUnused().
class CpuProfiler {
 public:
  CpuProfiler(const V8Symbols& v8, int logging_mode);
  ~CpuProfiler();
  CpuProfiler(const CpuProfiler&) = delete;
  CpuProfiler& operator=(const CpuProfiler&) = delete;

  bool running() const { return running_; }

  // Records the context of each sample from the next start on. Null: no longer.
  void UseContext(std::unique_ptr<SampleContext> context) { context_ = std::move(context); }

  Result<bool> Start(V8LocalString title, int interval_micros);

  // Ends the running profile. The result stays owned here, in use until someone says otherwise.
  Result<StoppedProfile*> Stop();

  // Deletes what is no longer in use, unless a sampler thread is alive.
  void DeleteUnused();

  // Replaces V8's profiler, for when it is stuck or delivers nothing. False while a stopped profile is still in use.
  bool Recreate();

 private:
  // Ends the running profile, if there is one, and forgets it.
  void StopAndForget();

  const V8Symbols& v8_;
  const int logging_mode_;
  V8CpuProfiler* profiler_ = nullptr;
  bool running_ = false;
  uint32_t running_id_ = 0;
  int64_t started_micros_ = 0;
  int64_t unix_offset_micros_ = 0;
  std::unique_ptr<SampleContext> context_;
  std::vector<std::unique_ptr<StoppedProfile>> stopped_;
};

}  // namespace next_profiling

#endif  // NEXT_PROFILING_CPU_PROFILER_H_

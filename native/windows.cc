// What differs on Windows, where these are compiled in place of the POSIX files of the same functions: `clock.cc`,
// `sample-context.cc`, `stray-signals.cc` and `v8-symbols.cc`.

#include <windows.h>

#include "clock.h"
#include "sample-context.h"
#include "stray-signals.h"
#include "v8-symbols.h"

namespace next_profiling {

namespace {

// FILETIME counts tenths of microseconds; as a time of day since 1601.
constexpr int64_t kUnixEpochMicros = 11644473600000000;

int64_t Micros(const FILETIME& time) {
  return static_cast<int64_t>((static_cast<uint64_t>(time.dwHighDateTime) << 32 | time.dwLowDateTime) / 10);
}

}  // namespace

int64_t SampleClockMicros() {
  LARGE_INTEGER frequency;
  LARGE_INTEGER ticks;
  QueryPerformanceFrequency(&frequency);
  QueryPerformanceCounter(&ticks);
  const int64_t seconds = ticks.QuadPart / frequency.QuadPart;
  return seconds * 1000000 + ticks.QuadPart % frequency.QuadPart * 1000000 / frequency.QuadPart;
}

int64_t UnixMicros() {
  FILETIME now;
  GetSystemTimePreciseAsFileTime(&now);
  return Micros(now) - kUnixEpochMicros;
}

int64_t ThreadCpuMicros() {
  FILETIME created;
  FILETIME ended;
  FILETIME kernel;
  FILETIME user;
  if (GetThreadTimes(GetCurrentThread(), &created, &ended, &kernel, &user) == 0) return 0;
  return Micros(kernel) + Micros(user);
}

// Sleep() takes whole milliseconds, and may take sixteen.
void SleepMicros(int64_t micros) {
  if (micros < 100) {
    SwitchToThread();
  } else {
    Sleep(static_cast<DWORD>((micros + 999) / 1000));
  }
}

// V8 stops the thread and looks at it from another, without a signal: nobody is in the sampled thread to tell its slot.
SampleContext::SampleContext(double* ring, size_t capacity, const AsyncSlot* slot)
    : ring_(ring), capacity_(capacity), slot_(slot) {}
SampleContext::~SampleContext() {}
void SampleContext::Arm() {}
void SampleContext::Disarm() {}

void KeepStraySignalsHarmless() {}
SignalLock::SignalLock() {}
SignalLock::~SignalLock() {}

namespace {

// Finds what Node exports, under the names that Microsoft's compiler gives. A method is a function whose first argument is
// the object: on x64 and arm64 there is one calling convention.
class Lookup {
 public:
  template <typename Function>
  void Find(Function* target, const char* symbol) {
    const FARPROC address = GetProcAddress(GetModuleHandleW(nullptr), symbol);
    if (address == nullptr && missing_ == nullptr) missing_ = symbol;
    *target = reinterpret_cast<Function>(reinterpret_cast<void*>(address));
  }

  const char* missing() const { return missing_; }

 private:
  const char* missing_ = nullptr;
};

V8CpuProfiler* (*create)(V8Isolate*, int naming_mode, int logging_mode);
void (*set_use_precise_sampling)(V8CpuProfiler*, bool);
void (*start)(V8CpuProfiler*, V8StartResult*, V8LocalString title, int mode, bool record_samples, unsigned max_samples);

// To be on time to the microsecond V8 would keep a core busy: its sampler thread does not sleep between samples.
V8CpuProfiler* CreateSleeping(V8Isolate* isolate, int naming_mode, int logging_mode) {
  V8CpuProfiler* profiler = create(isolate, naming_mode, logging_mode);
  set_use_precise_sampling(profiler, false);
  return profiler;
}

// A method returns a structure, however small, through a pointer that follows the object.
V8StartResult Start(V8CpuProfiler* profiler, V8LocalString title, int mode, bool record_samples, unsigned max_samples) {
  V8StartResult result = {};
  start(profiler, &result, title, mode, record_samples, max_samples);
  return result;
}

}  // namespace

Result<V8Symbols> V8Symbols::Load() {
  V8Symbols v8 = {};
  Lookup lookup;
  lookup.Find(&v8.isolate_get_current, "?GetCurrent@Isolate@v8@@SAPEAV12@XZ");
  lookup.Find(&create,
              "?New@CpuProfiler@v8@@SAPEAV12@PEAVIsolate@2@W4CpuProfilingNamingMode@2@"
              "W4CpuProfilingLoggingMode@2@@Z");
  lookup.Find(&set_use_precise_sampling, "?SetUsePreciseSampling@CpuProfiler@v8@@QEAAX_N@Z");
  lookup.Find(&v8.profiler_dispose, "?Dispose@CpuProfiler@v8@@QEAAXXZ");
  lookup.Find(&v8.profiler_set_sampling_interval, "?SetSamplingInterval@CpuProfiler@v8@@QEAAXH@Z");
  lookup.Find(&start,
              "?Start@CpuProfiler@v8@@QEAA?AUCpuProfilingResult@2@V?$Local@VString@v8@@@2@W4CpuProfilingMode@2@_NI@Z");
  lookup.Find(&v8.profiler_stop, "?Stop@CpuProfiler@v8@@QEAAPEAVCpuProfile@2@I@Z");
  lookup.Find(&v8.profile_delete, "?Delete@CpuProfile@v8@@QEAAXXZ");
  lookup.Find(&v8.profile_samples_count, "?GetSamplesCount@CpuProfile@v8@@QEBAHXZ");
  lookup.Find(&v8.profile_sample, "?GetSample@CpuProfile@v8@@QEBAPEBVCpuProfileNode@2@H@Z");
  lookup.Find(&v8.profile_sample_timestamp, "?GetSampleTimestamp@CpuProfile@v8@@QEBA_JH@Z");
  lookup.Find(&v8.profile_start_time, "?GetStartTime@CpuProfile@v8@@QEBA_JXZ");
  lookup.Find(&v8.profile_end_time, "?GetEndTime@CpuProfile@v8@@QEBA_JXZ");
  lookup.Find(&v8.node_hit_count, "?GetHitCount@CpuProfileNode@v8@@QEBAIXZ");
  lookup.Find(&v8.node_id, "?GetNodeId@CpuProfileNode@v8@@QEBAIXZ");
  lookup.Find(&v8.node_parent, "?GetParent@CpuProfileNode@v8@@QEBAPEBV12@XZ");
  lookup.Find(&v8.node_function_name, "?GetFunctionNameStr@CpuProfileNode@v8@@QEBAPEBDXZ");
  lookup.Find(&v8.node_script_name, "?GetScriptResourceNameStr@CpuProfileNode@v8@@QEBAPEBDXZ");
  lookup.Find(&v8.node_line, "?GetLineNumber@CpuProfileNode@v8@@QEBAHXZ");
  lookup.Find(&v8.node_column, "?GetColumnNumber@CpuProfileNode@v8@@QEBAHXZ");
  if (lookup.missing() != nullptr) {
    return Result<V8Symbols>::Error(std::string("this runtime does not export ") + lookup.missing());
  }
  v8.profiler_new = CreateSleeping;
  v8.profiler_start = Start;
  return Result<V8Symbols>::Ok(v8);
}

Result<V8ContextSymbols> V8ContextSymbols::Load() {
  return Result<V8ContextSymbols>::Error("V8 samples without a signal on Windows");
}

}  // namespace next_profiling

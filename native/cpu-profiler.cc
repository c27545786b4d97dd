#include "cpu-profiler.h"

#include <algorithm>

#include "clock.h"
#include "stray-signals.h"

namespace next_profiling {

namespace {

// A first lazy start walks the whole heap and was seen to take 0.4 s.
constexpr int64_t kLongestStartMicros = 5000000;

// Unix time minus sample clock. The two reads around the sample clock bound the error; the tightest
// of a few wins.
int64_t UnixOffsetMicros() {
  int64_t best_gap = INT64_MAX;
  int64_t offset = 0;
  for (int i = 0; i < 5; i++) {
    const int64_t before = SampleClockMicros();
    const int64_t unix_micros = UnixMicros();
    const int64_t after = SampleClockMicros();
    if (after - before < best_gap) {
      best_gap = after - before;
      offset = unix_micros - (before + best_gap / 2);
    }
  }
  return offset;
}

}  // namespace

CpuProfiler::CpuProfiler(const V8Symbols& v8, int logging_mode)
    : v8_(v8),
      logging_mode_(logging_mode),
      profiler_(v8.profiler_new(v8.isolate_get_current(), kDebugNaming, logging_mode)) {}

CpuProfiler::~CpuProfiler() {
  StopAndForget();
  DeleteUnused();
  // A profile that is still being read keeps V8's profiler alive: a leak at exit is better than a crash.
  if (stopped_.empty()) v8_.profiler_dispose(profiler_);
  for (auto& stopped : stopped_) stopped.release();
}

Result<bool> CpuProfiler::Start(V8LocalString title, int interval_micros) {
  if (running_) return Result<bool>::Error("a profile is already running");
  v8_.profiler_set_sampling_interval(profiler_, interval_micros);
  unix_offset_micros_ = UnixOffsetMicros();
  V8StartResult started;
  {
    const SignalLock lock;
    KeepStraySignalsHarmless();
    started = v8_.profiler_start(profiler_, title, kLeafNodeLineNumbers, true, kNoSampleLimit);
    if (started.status == kStarted && context_ != nullptr) context_->Arm();
  }
  if (started.status != kStarted) {
    return Result<bool>::Error("V8 did not start a profile, status " + std::to_string(started.status));
  }
  // The sampler thread has woken us and shares our core: it would begin its interval only when our time slice ends, up
  // to 4 ms late. The shortest of sleeps lets it begin now, and costs less under load than to yield the slice.
  SleepMicros(1);
  running_id_ = started.id;
  started_micros_ = SampleClockMicros();
  running_ = true;
  return Result<bool>::Ok(true);
}

Result<StoppedProfile*> CpuProfiler::Stop() {
  if (!running_) return Result<StoppedProfile*>::Error("no profile is running");
  const int64_t stopping_micros = SampleClockMicros();
  if (context_ != nullptr) context_->Disarm();
  V8CpuProfile* profile = v8_.profiler_stop(profiler_, running_id_);
  running_ = false;
  if (profile == nullptr) return Result<StoppedProfile*>::Error("V8 returned no profile");

  // V8 stamped the start itself, within our call. If that is not so, its clock is not ours: go by V8's.
  const int64_t v8_start = v8_.profile_start_time(profile);
  const int64_t drift = started_micros_ - v8_start;
  const bool same_clock = drift >= 0 && drift < kLongestStartMicros;

  auto stopped = std::make_unique<StoppedProfile>();
  stopped->profile = profile;
  stopped->started_micros = same_clock ? started_micros_ : v8_start;
  stopped->stopped_micros = same_clock ? stopping_micros : v8_.profile_end_time(profile);
  stopped->unix_offset_micros = unix_offset_micros_ + (same_clock ? 0 : drift);
  stopped_.push_back(std::move(stopped));
  return Result<StoppedProfile*>::Ok(stopped_.back().get());
}

void CpuProfiler::DeleteUnused() {
  if (running_) return;
  const auto unused = [&](const std::unique_ptr<StoppedProfile>& stopped) {
    if (stopped->in_use.load(std::memory_order_acquire)) return false;
    v8_.profile_delete(stopped->profile);
    return true;
  };
  stopped_.erase(std::remove_if(stopped_.begin(), stopped_.end(), unused), stopped_.end());
}

void CpuProfiler::StopAndForget() {
  if (!running_) return;
  const Result<StoppedProfile*> stopped = Stop();
  if (stopped.ok()) stopped.value()->in_use.store(false, std::memory_order_release);
}

bool CpuProfiler::Recreate() {
  StopAndForget();
  DeleteUnused();
  if (!stopped_.empty()) return false;
  v8_.profiler_dispose(profiler_);
  profiler_ = v8_.profiler_new(v8_.isolate_get_current(), kDebugNaming, logging_mode_);
  return true;
}

}  // namespace next_profiling

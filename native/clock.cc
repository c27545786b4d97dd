#include "clock.h"

#include <time.h>

namespace next_profiling {

namespace {

int64_t ClockMicros(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return static_cast<int64_t>(now.tv_sec) * 1000000 + now.tv_nsec / 1000;
}

}  // namespace

int64_t SampleClockMicros() {
#ifdef __APPLE__
  return ClockMicros(CLOCK_UPTIME_RAW);
#else
  return ClockMicros(CLOCK_MONOTONIC);
#endif
}

int64_t UnixMicros() { return ClockMicros(CLOCK_REALTIME); }

int64_t ThreadCpuMicros() { return ClockMicros(CLOCK_THREAD_CPUTIME_ID); }

void SleepMicros(int64_t micros) {
  const timespec time = {0, static_cast<long>(micros * 1000)};
  nanosleep(&time, nullptr);
}

}  // namespace next_profiling

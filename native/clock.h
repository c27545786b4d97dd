#ifndef NEXT_PROFILING_CLOCK_H_
#define NEXT_PROFILING_CLOCK_H_

#include <time.h>

#include <cstdint>

namespace next_profiling {

inline int64_t ClockMicros(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return static_cast<int64_t>(now.tv_sec) * 1000000 + now.tv_nsec / 1000;
}

// The clock that V8 stamps samples with (base::TimeTicks), in microseconds.
inline int64_t SampleClockMicros() {
#ifdef __APPLE__
  return ClockMicros(CLOCK_UPTIME_RAW);
#else
  return ClockMicros(CLOCK_MONOTONIC);
#endif
}

inline int64_t UnixMicros() { return ClockMicros(CLOCK_REALTIME); }

}  // namespace next_profiling

#endif  // NEXT_PROFILING_CLOCK_H_

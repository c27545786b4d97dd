#ifndef NEXT_PROFILING_CLOCK_H_
#define NEXT_PROFILING_CLOCK_H_

#include <cstdint>

namespace next_profiling {

// The clock that V8 stamps samples with (base::TimeTicks), in microseconds.
int64_t SampleClockMicros();

int64_t UnixMicros();

// CPU time of the thread that asks.
int64_t ThreadCpuMicros();

// At least an instant, and not much more than `micros` where the system can.
void SleepMicros(int64_t micros);

}  // namespace next_profiling

#endif  // NEXT_PROFILING_CLOCK_H_

#ifndef NEXT_PROFILING_SAMPLE_WRITER_H_
#define NEXT_PROFILING_SAMPLE_WRITER_H_

#include <cstdint>
#include <vector>

#include "json-writer.h"

namespace next_profiling {

// Turns the ticks of one thread, in order of time, into the samples of a chunk. A sample weighs until the next one of
// its thread, so every silence is closed by one sample with an empty stack.
class SampleWriter {
 public:
  explicit SampleWriter(int64_t interval_micros) : interval_micros_(interval_micros) {}

  // One tick: sample clock, index of the stack.
  void Tick(int64_t micros, int32_t stack);

  // Closes what is open: the next chunk may be late, lost or never come. Nothing may be added afterwards.
  void Finish(int64_t end_micros);

  // Samples that show the thread at work.
  int64_t busy_samples() const { return busy_samples_; }

  // Writes all samples as the elements of a JSON array.
  void Write(int64_t unix_offset_micros, const std::string& thread_id, JsonWriter* json) const;

 private:
  struct Sample {
    int64_t micros;
    int32_t stack;
  };

  // A late tick still speaks for the time since the last one. If more than one is missing, the sampler slept: then the
  // last one stands for one interval.
  void CloseIfLongUntil(int64_t next_micros);
  void Add(int64_t micros, int32_t stack);
  void SplitLoneSample();

  const int64_t interval_micros_;
  int64_t last_tick_ = INT64_MIN / 2;
  int64_t busy_samples_ = 0;
  bool silent_ = true;
  std::vector<Sample> samples_;
};

}  // namespace next_profiling

#endif  // NEXT_PROFILING_SAMPLE_WRITER_H_

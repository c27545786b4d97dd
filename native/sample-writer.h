#ifndef NEXT_PROFILING_SAMPLE_WRITER_H_
#define NEXT_PROFILING_SAMPLE_WRITER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "json-writer.h"

namespace next_profiling {

constexpr int32_t kNoSpan = -1;

struct Thread {
  // A numeric string.
  std::string id;
  std::string name;
};

struct Sample {
  // Sample clock.
  int64_t micros;
  // Index of the stack.
  int32_t stack;
  // Index of the thread.
  int32_t thread;
  // Index of the span, or kNoSpan.
  int32_t span;
  int64_t cpu_micros;
};

// Turns the ticks of one thread, told apart by lane, into the samples of a chunk. A sample weighs until the next one of
// its thread, so every silence is closed by one sample with an empty stack: when the thread was idle, or another lane
// ran, or the sampler slept.
class SampleWriter {
 public:
  explicit SampleWriter(int64_t interval_micros) : interval_micros_(interval_micros) {}

  // One tick, in order of time.
  void Add(const Sample& tick);

  // Closes what is open: the next chunk may be late, lost or never come. Nothing may be added afterwards.
  void Finish(int64_t end_micros);

  // Samples that show the thread at work.
  int64_t busy_samples() const { return busy_samples_; }
  // Those of them without a span.
  int64_t samples_without_span() const { return samples_without_span_; }

  // Writes all samples as the elements of a JSON array.
  void Write(int64_t unix_offset_micros, const std::vector<Thread>& threads, JsonWriter* json) const;
  // Writes the threads that have samples as the members of a JSON object; the first is always there.
  void WriteThreads(const std::vector<Thread>& threads, JsonWriter* json) const;
  // Each writes a comma and members of a JSON object that run parallel to the samples.
  void WriteCpu(JsonWriter* json) const;
  void WriteSpans(JsonWriter* json) const;

 private:
  static constexpr int32_t kNoThread = -1;

  void CloseIfLongUntil(int64_t micros);
  void CloseAt(int64_t micros);
  void SplitLoneSamples();

  const int64_t interval_micros_;
  int64_t last_tick_ = INT64_MIN / 2;
  int64_t busy_samples_ = 0;
  int64_t samples_without_span_ = 0;
  int64_t lone_samples_ = 0;
  // The thread whose last sample is not closed.
  int32_t open_thread_ = kNoThread;
  std::vector<Sample> samples_;
};

}  // namespace next_profiling

#endif  // NEXT_PROFILING_SAMPLE_WRITER_H_

#ifndef NEXT_PROFILING_SAMPLE_CONTEXT_H_
#define NEXT_PROFILING_SAMPLE_CONTEXT_H_

#include <cstddef>
#include <cstdint>

#include "async-slot.h"

namespace next_profiling {

// Records, beside each of V8's samples, how much CPU time the thread had used and which slot was running.
//
// V8 takes a sample in its handler of SIGPROF, which its sampler thread sends to the isolate's thread. While armed, our
// handler stands before V8's, calls it, and writes one record. It knows one thread only, the one that armed it; for
// signals of others, and while it is disarmed, it does nothing but call the handler that it stands before.
class SampleContext {
 public:
  // `ring` belongs to JavaScript and must outlive this. It holds doubles: first the header, of which the first element
  // counts the records ever written, then the records, of which number n is at place n modulo `capacity`.
  // `slot` may be null: then every record has slot 0.
  SampleContext(double* ring, size_t capacity, const AsyncSlot* slot);
  ~SampleContext();
  SampleContext(const SampleContext&) = delete;
  SampleContext& operator=(const SampleContext&) = delete;

  // After V8 has started to sample. Does nothing while another thread of the process is armed.
  void Arm();
  // Before V8 stops to sample.
  void Disarm();

  static constexpr size_t kHeaderLength = 1;
  // Sample clock before and after V8's handler, the thread's CPU time before and after ours, all in microseconds; slot.
  static constexpr size_t kRecordLength = 5;

 private:
  struct Signal;
  void Record(const Signal& signal);

  double* const ring_;
  const size_t capacity_;
  const AsyncSlot* const slot_;
  bool armed_ = false;
};

}  // namespace next_profiling

#endif  // NEXT_PROFILING_SAMPLE_CONTEXT_H_

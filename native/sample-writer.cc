#include "sample-writer.h"

#include "stack-table.h"

namespace next_profiling {

void SampleWriter::Tick(int64_t micros, int32_t stack) {
  // Ticks that are closer come from a short first interval, or are deoptimisations at a node that had ticks, too.
  if (micros - last_tick_ < interval_micros_ * 4 / 5) return;
  CloseIfLongUntil(micros);
  last_tick_ = micros;
  if (stack == kIdleStack && silent_) return;
  Add(micros, stack);
}

void SampleWriter::Finish(int64_t end_micros) {
  CloseIfLongUntil(end_micros);
  if (!silent_) Add(end_micros, kIdleStack);
  if (busy_samples_ == 1) SplitLoneSample();
}

void SampleWriter::CloseIfLongUntil(int64_t next_micros) {
  if (!silent_ && next_micros - last_tick_ > interval_micros_ * 5 / 2) Add(last_tick_ + interval_micros_, kIdleStack);
}

void SampleWriter::Add(int64_t micros, int32_t stack) {
  samples_.push_back({micros, stack});
  silent_ = stack == kIdleStack;
  if (!silent_) busy_samples_++;
}

// Sentry's Relay drops a thread with a single non-idle sample. Two samples of half the weight each say the same.
void SampleWriter::SplitLoneSample() {
  for (size_t i = 0; i < samples_.size(); i++) {
    const Sample lone = samples_[i];
    if (lone.stack == kIdleStack) continue;
    const int64_t middle = lone.micros + (samples_[i + 1].micros - lone.micros) / 2;
    samples_.insert(samples_.begin() + i + 1, {middle, lone.stack});
    return;
  }
}

void SampleWriter::Write(int64_t unix_offset_micros, const std::string& thread_id, JsonWriter* json) const {
  JsonWriter thread;
  thread.String(thread_id);
  const std::string tail = ",\"thread_id\":" + thread.Take() + "}";
  for (size_t i = 0; i < samples_.size(); i++) {
    json->Raw(i > 0 ? ",{\"timestamp\":" : "{\"timestamp\":");
    json->Seconds(samples_[i].micros + unix_offset_micros);
    json->Raw(",\"stack_id\":");
    json->Integer(samples_[i].stack);
    json->Raw(tail);
  }
}

}  // namespace next_profiling

#include "sample-writer.h"

#include <algorithm>

#include "stack-table.h"

namespace next_profiling {

void SampleWriter::Add(const Sample& tick) {
  CloseIfLongUntil(tick.micros);
  last_tick_ = tick.micros;
  const bool idle = tick.stack == kIdleStack;
  if (idle || tick.thread != open_thread_) CloseAt(tick.micros);
  if (idle) return;
  samples_.push_back(tick);
  open_thread_ = tick.thread;
  busy_samples_++;
  if (tick.span == kNoSpan) samples_without_span_++;
}

void SampleWriter::Finish(int64_t end_micros) {
  CloseIfLongUntil(end_micros);
  CloseAt(end_micros);
  SplitLoneSamples();
}

// A late tick still speaks for the time since the last one. If more than one is missing, the sampler slept: then the
// last one stands for one interval.
void SampleWriter::CloseIfLongUntil(int64_t micros) {
  if (micros - last_tick_ > interval_micros_ * 5 / 2) CloseAt(last_tick_ + interval_micros_);
}

void SampleWriter::CloseAt(int64_t micros) {
  if (open_thread_ == kNoThread) return;
  samples_.push_back({micros, kIdleStack, open_thread_, kNoSpan, 0});
  open_thread_ = kNoThread;
}

// Sentry's Relay drops a thread with a single non-idle sample. Two samples of half the weight each say the same.
void SampleWriter::SplitLoneSamples() {
  std::vector<int> busy;
  for (const Sample& sample : samples_) {
    if (static_cast<size_t>(sample.thread) >= busy.size()) busy.resize(sample.thread + 1);
    if (sample.stack != kIdleStack) busy[sample.thread]++;
  }
  std::vector<Sample> split;
  split.reserve(samples_.size());
  for (size_t i = 0; i < samples_.size(); i++) {
    Sample sample = samples_[i];
    if (sample.stack == kIdleStack || busy[sample.thread] != 1) {
      split.push_back(sample);
      continue;
    }
    // What is open is closed before another thread gets a sample, so the next one is its own.
    Sample half = sample;
    half.micros += (samples_[i + 1].micros - sample.micros) / 2;
    half.cpu_micros /= 2;
    sample.cpu_micros -= half.cpu_micros;
    split.push_back(sample);
    split.push_back(half);
    lone_samples_++;
  }
  samples_ = std::move(split);
}

void SampleWriter::Write(int64_t unix_offset_micros, const std::vector<Thread>& threads, JsonWriter* json) const {
  std::vector<std::string> tails;
  for (const Thread& thread : threads) {
    JsonWriter tail;
    tail.Raw(",\"thread_id\":");
    tail.String(thread.id);
    tail.Raw('}');
    tails.push_back(tail.Take());
  }
  for (size_t i = 0; i < samples_.size(); i++) {
    json->Raw(i > 0 ? ",{\"timestamp\":" : "{\"timestamp\":");
    json->Seconds(samples_[i].micros + unix_offset_micros);
    json->Raw(",\"stack_id\":");
    json->Integer(samples_[i].stack);
    json->Raw(tails[samples_[i].thread]);
  }
}

void SampleWriter::WriteThreads(const std::vector<Thread>& threads, JsonWriter* json) const {
  std::vector<bool> used(threads.size());
  used[0] = true;
  for (const Sample& sample : samples_) used[sample.thread] = true;
  for (size_t i = 0; i < threads.size(); i++) {
    if (!used[i]) continue;
    if (i > 0) json->Raw(',');
    json->String(threads[i].id);
    json->Raw(":{\"name\":");
    json->String(threads[i].name);
    json->Raw('}');
  }
}

void SampleWriter::WriteCpu(JsonWriter* json) const {
  json->Raw(",\"lone_samples\":");
  json->Integer(lone_samples_);
  json->Raw(",\"sample_cpu_us\":[");
  for (size_t i = 0; i < samples_.size(); i++) {
    if (i > 0) json->Raw(',');
    json->Integer(samples_[i].cpu_micros);
  }
  json->Raw(']');
}

void SampleWriter::WriteSpans(JsonWriter* json) const {
  json->Raw(",\"sample_spans\":[");
  for (size_t i = 0; i < samples_.size(); i++) {
    if (i > 0) json->Raw(',');
    json->Integer(samples_[i].span);
  }
  json->Raw(']');
}

}  // namespace next_profiling

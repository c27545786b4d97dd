#ifndef NEXT_PROFILING_CHUNK_SERIALIZER_H_
#define NEXT_PROFILING_CHUNK_SERIALIZER_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "cpu-profiler.h"
#include "sample-writer.h"
#include "v8-symbols.h"

namespace next_profiling {

// What JavaScript made of one record of SampleContext. Laid out as the doubles that it hands over.
struct SampleRecord {
  // The sample that this is about was taken between these, sample clock.
  double since_micros;
  double until_micros;
  // CPU time that the sample stands for; negative: the sample does not count.
  double cpu_micros;
  // Index of the sample's span in the chunk's list, or -1.
  double span;
  // Index in ChunkMeta::threads.
  double thread;
};

// What JavaScript knows of a chunk when it is cut.
struct ChunkMeta {
  // The chunk's own members without braces: "version":"2","chunk_id":…
  std::string head;
  // The members of next_profiling without braces; the count of samples is added here.
  std::string extension;
  // More of them, which only hold together with the spans of samples.
  std::string span_extension;
  // The thread that was sampled, then its lanes.
  std::vector<Thread> threads;
  // In order of time; none if there was no SampleContext.
  std::vector<SampleRecord> records;
  // The application's folder, without a trailing slash.
  std::string root;
  // Time between samples; V8 may have ticked faster.
  int64_t interval_micros = 0;
  // Two lines for every script that may occur: its name and its debug id.
  std::string debug_ids;
};

struct SerializedChunk {
  // One line of JSON: a profile_chunk of Sentry's sample format v2. Empty if no sample showed the thread at work.
  std::string json;
  // Samples that V8 delivered, idle ones included.
  int64_t samples = 0;
  // Samples that showed the thread at work.
  int64_t busy_samples = 0;
  // Those of them without a span.
  int64_t samples_without_span = 0;
  // CPU time that serialising took.
  int64_t cpu_micros = 0;
};

// Makes one chunk of the profiles that it was sampled in: at least one, in order of time. Any thread, while they are
// in use.
SerializedChunk SerializeChunk(const V8Symbols& v8, const std::vector<StoppedProfile*>& parts, const ChunkMeta& meta);

}  // namespace next_profiling

#endif  // NEXT_PROFILING_CHUNK_SERIALIZER_H_

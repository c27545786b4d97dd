#ifndef NEXT_PROFILING_CHUNK_SERIALIZER_H_
#define NEXT_PROFILING_CHUNK_SERIALIZER_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "cpu-profiler.h"
#include "v8-symbols.h"

namespace next_profiling {

// What JavaScript knows of a chunk when it is cut.
struct ChunkMeta {
  // The chunk's own members without braces: "version":"2","chunk_id":…
  std::string head;
  // The members of next_profiling without braces; the count of samples is added here.
  std::string extension;
  // The thread that was sampled.
  std::string thread_id;
  std::string thread_name;
  // The application's folder, without a trailing slash.
  std::string root;
  // Time between samples; V8 may have ticked faster.
  int64_t interval_micros = 0;
  // Script name and debug id of every script that may occur.
  std::vector<std::pair<std::string, std::string>> debug_ids;
};

struct SerializedChunk {
  // One line of JSON: a profile_chunk of Sentry's sample format v2. Empty if no sample showed the thread at work.
  std::string json;
  // Samples that V8 delivered, idle ones included.
  int64_t samples = 0;
  // Samples that showed the thread at work.
  int64_t busy_samples = 0;
};

// Makes one chunk of the profiles that it was sampled in: at least one, in order of time. Any thread, while they are
// in use.
SerializedChunk SerializeChunk(const V8Symbols& v8, const std::vector<StoppedProfile*>& parts, const ChunkMeta& meta);

}  // namespace next_profiling

#endif  // NEXT_PROFILING_CHUNK_SERIALIZER_H_

#include "chunk-serializer.h"

#include <algorithm>
#include <unordered_set>

#include "frame-table.h"
#include "json-writer.h"
#include "sample-writer.h"
#include "stack-table.h"

namespace next_profiling {

namespace {

struct Tick {
  int64_t micros;
  const V8CpuProfileNode* node;
};

// The regular ticks of one profile, in order of time.
//
// V8 also records the stack when it deoptimises a function. Such a sample is not at a random time but always within
// work, and would weigh until the next tick: ten milliseconds for what may have taken ten microseconds. V8 does not
// mark them, but they do not count as hits of their node.
std::vector<Tick> ReadTicks(const V8Symbols& v8, const StoppedProfile& stopped) {
  const int count = v8.profile_samples_count(stopped.profile);
  std::vector<Tick> ticks;
  ticks.reserve(count);
  for (int i = 0; i < count; i++) {
    const int64_t micros = v8.profile_sample_timestamp(stopped.profile, i);
    const V8CpuProfileNode* node = v8.profile_sample(stopped.profile, i);
    if (micros <= stopped.started_micros || micros >= stopped.stopped_micros) continue;
    if (v8.node_hit_count(node) > 0) ticks.push_back({micros, node});
  }
  std::stable_sort(ticks.begin(), ticks.end(), [](const Tick& a, const Tick& b) { return a.micros < b.micros; });
  return ticks;
}

void WriteDebugMeta(const FrameTable& frames, const ChunkMeta& meta, JsonWriter* json) {
  std::unordered_set<std::string> scripts;
  for (std::string& script : frames.Scripts()) scripts.insert(std::move(script));
  bool first = true;
  for (const auto& [script, debug_id] : meta.debug_ids) {
    if (scripts.count(script) == 0) continue;
    json->Raw(first ? ",\"debug_meta\":{\"images\":[" : ",");
    json->Raw("{\"type\":\"sourcemap\",\"code_file\":");
    json->String(script);
    json->Raw(",\"debug_id\":");
    json->String(debug_id);
    json->Raw('}');
    first = false;
  }
  if (!first) json->Raw("]}");
}

}  // namespace

SerializedChunk SerializeChunk(const V8Symbols& v8, const std::vector<StoppedProfile*>& parts, const ChunkMeta& meta) {
  SerializedChunk chunk;
  FrameTable frames(v8, meta.root);
  StackTable stacks(v8, &frames);
  SampleWriter samples(meta.interval_micros);
  for (const StoppedProfile* part : parts) {
    chunk.samples += v8.profile_samples_count(part->profile);
    stacks.NextProfile();
    for (const Tick& tick : ReadTicks(v8, *part)) samples.Tick(tick.micros, stacks.IndexOf(tick.node));
  }
  const StoppedProfile& last = *parts.back();
  samples.Finish(last.stopped_micros);
  chunk.busy_samples = samples.busy_samples();
  if (chunk.busy_samples == 0) return chunk;

  JsonWriter json;
  json.Reserve(1 << 16);
  json.Raw('{');
  json.Raw(meta.head);
  WriteDebugMeta(frames, meta, &json);
  json.Raw(",\"profile\":{\"samples\":[");
  samples.Write(last.unix_offset_micros, meta.thread_id, &json);
  json.Raw("],\"stacks\":[");
  stacks.Write(&json);
  json.Raw("],\"frames\":[");
  frames.Write(&json);
  json.Raw("],\"thread_metadata\":{");
  json.String(meta.thread_id);
  json.Raw(":{\"name\":");
  json.String(meta.thread_name);
  json.Raw("}}},\"next_profiling\":{");
  json.Raw(meta.extension);
  json.Raw(",\"samples\":");
  json.Integer(chunk.samples);
  json.Raw("}}");
  chunk.json = json.Take();
  return chunk;
}

}  // namespace next_profiling

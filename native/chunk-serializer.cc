#include "chunk-serializer.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "frame-table.h"
#include "json-writer.h"
#include "sample-writer.h"
#include "stack-table.h"

namespace next_profiling {

namespace {

// A tick's clock reading may be truncated where a record's is not.
constexpr double kToleranceMicros = 2;

struct Tick {
  int64_t micros;
  const V8CpuProfileNode* node;
  const SampleRecord* record;
};

// The ticks of one profile, in order of time.
std::vector<Tick> ReadTicks(const V8Symbols& v8, const StoppedProfile& stopped) {
  const int count = v8.profile_samples_count(stopped.profile);
  std::vector<Tick> ticks;
  ticks.reserve(count);
  for (int i = 0; i < count; i++) {
    const int64_t micros = v8.profile_sample_timestamp(stopped.profile, i);
    if (micros <= stopped.started_micros || micros >= stopped.stopped_micros) continue;
    ticks.push_back({micros, v8.profile_sample(stopped.profile, i), nullptr});
  }
  std::stable_sort(ticks.begin(), ticks.end(), [](const Tick& a, const Tick& b) { return a.micros < b.micros; });
  return ticks;
}

// Regular ticks count as hits of their node. V8 also records the stack when it deoptimises a function. Such a sample is
// not at a random time but always within work, and would weigh until the next tick: ten milliseconds for what may have
// taken ten microseconds. V8 does not mark them.
bool IsHit(const V8Symbols& v8, const Tick& tick) { return v8.node_hit_count(tick.node) > 0; }

// The CPU time of records that no sample of ours belongs to: another profiler's signal brought them. The next sample of
// the same span stands for it, too. What no span has may have been idle, so of that only the last counts.
class ForeignCpu {
 public:
  void Add(const SampleRecord& record) {
    if (record.cpu_micros < 0) return;
    double& cpu_micros = by_span_[static_cast<int32_t>(record.span)];
    cpu_micros = record.span < 0 ? record.cpu_micros : cpu_micros + record.cpu_micros;
  }

  double Take(double span) {
    const auto found = by_span_.find(static_cast<int32_t>(span));
    return found == by_span_.end() ? 0 : std::exchange(found->second, 0);
  }

 private:
  std::unordered_map<int32_t, double> by_span_;
};

// Gives each tick its record: both are in order of time. What no signal brought has none. False if no record belongs to
// a tick: then they are of another clock.
bool MatchRecords(std::vector<SampleRecord>* records, std::vector<std::vector<Tick>>* parts) {
  ForeignCpu foreign;
  size_t next = 0;
  size_t matched = 0;
  for (std::vector<Tick>& part : *parts) {
    for (Tick& tick : part) {
      const auto time = static_cast<double>(tick.micros);
      while (next < records->size() && (*records)[next].until_micros + kToleranceMicros < time) {
        foreign.Add((*records)[next++]);
      }
      if (next == records->size() || (*records)[next].since_micros - kToleranceMicros > time) continue;
      SampleRecord& record = (*records)[next++];
      const double more_micros = foreign.Take(record.span);
      if (more_micros > 0) record.cpu_micros = std::max(record.cpu_micros, 0.0) + more_micros;
      tick.record = &record;
      matched++;
    }
  }
  return matched > 0;
}

void AddTicks(const V8Symbols& v8, const std::vector<std::vector<Tick>>& parts, bool recorded, int64_t interval_micros,
              StackTable* stacks, SampleWriter* samples) {
  int64_t last = INT64_MIN / 2;
  for (const std::vector<Tick>& part : parts) {
    stacks->NextProfile();
    for (const Tick& tick : part) {
      Sample sample = {tick.micros, kIdleStack, 0, kNoSpan, 0};
      if (recorded) {
        if (tick.record == nullptr || tick.record->cpu_micros < 0) continue;
        sample.thread = static_cast<int32_t>(tick.record->thread);
        sample.span = static_cast<int32_t>(tick.record->span);
        sample.cpu_micros = static_cast<int64_t>(tick.record->cpu_micros);
      } else {
        // Closer ones come from a short first interval, or are deoptimisations at a node that had hits, too.
        if (!IsHit(v8, tick) || tick.micros - last < interval_micros * 4 / 5) continue;
        last = tick.micros;
      }
      sample.stack = stacks->IndexOf(tick.node);
      samples->Add(sample);
    }
  }
}

// The text from `at` to the end of its line; `at` goes on to the next line.
std::string TakeLine(const std::string& text, size_t* at) {
  const size_t start = std::min(*at, text.size());
  const size_t end = std::min(text.find('\n', start), text.size());
  *at = end + 1;
  return text.substr(start, end - start);
}

void WriteDebugMeta(const FrameTable& frames, const ChunkMeta& meta, JsonWriter* json) {
  std::unordered_set<std::string> scripts;
  for (std::string& script : frames.Scripts()) scripts.insert(std::move(script));
  bool first = true;
  const std::string& lines = meta.debug_ids;
  for (size_t at = 0; at < lines.size();) {
    const std::string script = TakeLine(lines, &at);
    const std::string debug_id = TakeLine(lines, &at);
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
  std::vector<std::vector<Tick>> ticks;
  for (const StoppedProfile* part : parts) {
    chunk.samples += v8.profile_samples_count(part->profile);
    ticks.push_back(ReadTicks(v8, *part));
  }
  FrameTable frames(v8, meta.root);
  StackTable stacks(v8, &frames);
  SampleWriter samples(meta.interval_micros);
  std::vector<SampleRecord> records = meta.records;
  const bool recorded = MatchRecords(&records, &ticks);
  AddTicks(v8, ticks, recorded, meta.interval_micros, &stacks, &samples);
  const StoppedProfile& last = *parts.back();
  samples.Finish(last.stopped_micros);
  chunk.busy_samples = samples.busy_samples();
  chunk.samples_without_span = samples.samples_without_span();
  if (chunk.busy_samples == 0) return chunk;

  JsonWriter json;
  json.Reserve(1 << 16);
  json.Raw('{');
  json.Raw(meta.head);
  WriteDebugMeta(frames, meta, &json);
  json.Raw(",\"profile\":{\"samples\":[");
  samples.Write(last.unix_offset_micros, meta.threads, &json);
  json.Raw("],\"stacks\":[");
  stacks.Write(&json);
  json.Raw("],\"frames\":[");
  frames.Write(&json);
  json.Raw("],\"thread_metadata\":{");
  samples.WriteThreads(meta.threads, &json);
  json.Raw("}},\"next_profiling\":{");
  json.Raw(meta.extension);
  json.Raw(",\"samples\":");
  json.Integer(chunk.samples);
  if (recorded) samples.WriteCpu(&json);
  if (recorded && !meta.span_extension.empty()) {
    samples.WriteSpans(&json);
    json.Raw(',');
    json.Raw(meta.span_extension);
  }
  json.Raw("}}");
  chunk.json = json.Take();
  return chunk;
}

}  // namespace next_profiling

#include "chunk-serializer.h"

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "frame-table.h"
#include "json-writer.h"

namespace next_profiling {

namespace {

constexpr int32_t kIdleStack = 0;

struct V8Sample {
  int64_t micros;
  const V8CpuProfileNode* node;
};

struct OutSample {
  int64_t micros;
  int32_t stack;
};

// The stacks of one chunk. A node of V8's tree is a stack: its id is enough to recognise it.
class StackTable {
 public:
  StackTable(const V8Symbols& v8, FrameTable* frames) : v8_(v8), frames_(frames), stacks_(1) {}

  int32_t IndexOf(const V8CpuProfileNode* node) {
    const unsigned id = v8_.node_id(node);
    if (id >= by_node_.size())
      by_node_.resize(std::max<size_t>(id + 1, by_node_.size() * 2), kUnknown);
    if (by_node_[id] == kUnknown) by_node_[id] = Add(node);
    return by_node_[id];
  }

  void Write(JsonWriter* json) const {
    for (size_t i = 0; i < stacks_.size(); i++) {
      json->Raw(i > 0 ? ",[" : "[");
      for (size_t j = 0; j < stacks_[i].size(); j++) {
        if (j > 0) json->Raw(',');
        json->Integer(stacks_[i][j]);
      }
      json->Raw(']');
    }
  }

 private:
  static constexpr int32_t kUnknown = -1;

  int32_t Add(const V8CpuProfileNode* leaf) {
    if (IsRoot(leaf) || IsIdle(leaf)) return kIdleStack;
    nodes_.clear();
    for (const V8CpuProfileNode* node = leaf; !IsRoot(node); node = v8_.node_parent(node))
      nodes_.push_back(node);

    std::vector<int32_t> stack;
    const bool too_deep = nodes_.size() > kLeafFramesKept + kRootFramesKept;
    const size_t leaf_end = too_deep ? kLeafFramesKept : nodes_.size();
    for (size_t i = 0; i < leaf_end; i++) stack.push_back(frames_->IndexOf(nodes_[i]));
    if (too_deep) {
      stack.push_back(frames_->OmittedIndex());
      for (size_t i = nodes_.size() - kRootFramesKept; i < nodes_.size(); i++) {
        stack.push_back(frames_->IndexOf(nodes_[i]));
      }
    }
    stacks_.push_back(std::move(stack));
    return static_cast<int32_t>(stacks_.size() - 1);
  }

  bool IsRoot(const V8CpuProfileNode* node) const { return v8_.node_parent(node) == nullptr; }

  bool IsIdle(const V8CpuProfileNode* node) const {
    return IsRoot(v8_.node_parent(node)) &&
           std::strcmp(v8_.node_function_name(node), "(idle)") == 0;
  }

  const V8Symbols& v8_;
  FrameTable* const frames_;
  // Index 0 is the empty stack: the thread was idle.
  std::vector<std::vector<int32_t>> stacks_;
  std::vector<int32_t> by_node_;
  std::vector<const V8CpuProfileNode*> nodes_;
};

std::vector<V8Sample> ReadSamples(const V8Symbols& v8, const StoppedProfile& stopped) {
  const int count = v8.profile_samples_count(stopped.profile);
  std::vector<V8Sample> samples;
  samples.reserve(count);
  for (int i = 0; i < count; i++) {
    const int64_t micros = v8.profile_sample_timestamp(stopped.profile, i);
    // V8 opens and closes a profile with the stack of whoever started and stopped it: that is us,
    // not the app.
    if (micros <= stopped.started_micros || micros >= stopped.stopped_micros) continue;
    samples.push_back({micros, v8.profile_sample(stopped.profile, i)});
  }
  // Samples that V8 takes at deoptimisations can be slightly out of order.
  std::stable_sort(samples.begin(), samples.end(),
                   [](const V8Sample& a, const V8Sample& b) { return a.micros < b.micros; });
  return samples;
}

// A sample weighs until the next one of its thread, so every silence must be closed by one sample
// with an empty stack, and so must the end of the chunk: the next chunk may be late, lost or never
// come.
std::vector<OutSample> CloseSilences(const std::vector<V8Sample>& samples, int64_t end_micros,
                                     StackTable* stacks) {
  std::vector<OutSample> out;
  bool silent = true;
  for (const V8Sample& sample : samples) {
    const int32_t stack = stacks->IndexOf(sample.node);
    if (stack == kIdleStack && silent) continue;
    silent = stack == kIdleStack;
    out.push_back({sample.micros, stack});
  }
  if (!silent) out.push_back({end_micros, kIdleStack});
  return out;
}

// Sentry's Relay drops a thread with a single non-idle sample. Two samples of half the weight each
// say the same.
void SplitLoneSample(std::vector<OutSample>* samples) {
  for (size_t i = 0; i < samples->size(); i++) {
    const OutSample lone = (*samples)[i];
    if (lone.stack == kIdleStack) continue;
    const int64_t middle = lone.micros + ((*samples)[i + 1].micros - lone.micros) / 2;
    samples->insert(samples->begin() + i + 1, {middle, lone.stack});
    return;
  }
}

void WriteDebugMeta(const FrameTable& frames, const ChunkMeta& meta, JsonWriter* json) {
  std::unordered_set<std::string> scripts;
  for (std::string& script : frames.Scripts()) scripts.insert(std::move(script));
  bool first = true;
  for (const auto& [script, debug_id] : meta.debug_ids) {
    if (scripts.count(script) == 0) continue;
    json->Raw(first ? ",\"debug_meta\":{\"images\":[{\"type\":\"sourcemap\",\"code_file\":"
                    : ",{\"type\":\"sourcemap\",\"code_file\":");
    json->String(script);
    json->Raw(",\"debug_id\":");
    json->String(debug_id);
    json->Raw('}');
    first = false;
  }
  if (!first) json->Raw("]}");
}

void WriteSamples(const std::vector<OutSample>& samples, int64_t unix_offset,
                  const std::string& thread_id, JsonWriter* json) {
  JsonWriter thread;
  thread.String(thread_id);
  const std::string tail = ",\"thread_id\":" + thread.Take() + "}";
  for (size_t i = 0; i < samples.size(); i++) {
    json->Raw(i > 0 ? ",{\"timestamp\":" : "{\"timestamp\":");
    json->Seconds(samples[i].micros + unix_offset);
    json->Raw(",\"stack_id\":");
    json->Integer(samples[i].stack);
    json->Raw(tail);
  }
}

}  // namespace

SerializedChunk SerializeChunk(const V8Symbols& v8, const StoppedProfile& stopped,
                               const ChunkMeta& meta) {
  SerializedChunk chunk;
  FrameTable frames(v8, meta.root);
  StackTable stacks(v8, &frames);
  chunk.samples = v8.profile_samples_count(stopped.profile);

  std::vector<OutSample> samples =
      CloseSilences(ReadSamples(v8, stopped), stopped.stopped_micros, &stacks);
  chunk.busy_samples = std::count_if(samples.begin(), samples.end(), [](const OutSample& sample) {
    return sample.stack != kIdleStack;
  });
  if (chunk.busy_samples == 0) return chunk;
  if (chunk.busy_samples == 1) SplitLoneSample(&samples);

  JsonWriter json;
  json.Reserve(1 << 16);
  json.Raw('{');
  json.Raw(meta.head);
  WriteDebugMeta(frames, meta, &json);
  json.Raw(",\"profile\":{\"samples\":[");
  WriteSamples(samples, stopped.unix_offset_micros, meta.thread_id, &json);
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

// The addon's exports. The only file that knows JavaScript values, and the only one that throws.

#include <napi.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "async-slot.h"
#include "chunk-serializer.h"
#include "clock.h"
#include "cpu-profiler.h"
#include "serialization.h"
#include "v8-symbols.h"

namespace next_profiling {

namespace {

// V8 keeps a title for as long as it keeps any profile, so there is only one.
constexpr char kTitle[] = "next-profiling";

// Node enters the functions of all addons at one address, and V8 knows that by one name: that of the function which it
// found last when its profiler was made, so one of ours, whoever's is running. What is said must be true of them all.
constexpr char kEveryFunction[] = "(native addon)";

// State of one environment (the main thread or a worker). Node deletes it when the environment
// ends.
struct Addon {
  V8Symbols v8;
  // Outlive the profiler, whose signal handler uses them.
  std::unique_ptr<AsyncSlot> slot;
  Napi::Reference<Napi::Float64Array> ring;
  std::unique_ptr<CpuProfiler> profiler;
  // What was sampled since the last cut.
  std::vector<StoppedProfile*> parts;
  // Chunks whose promises have not settled, in order of time.
  std::vector<SharedSerialization> serializing;

  ~Addon() { ForgetParts(); }

  void ForgetParts() {
    for (StoppedProfile* part : parts) part->in_use.store(false, std::memory_order_release);
    parts.clear();
  }
};

void Throw(Napi::Env env, const std::string& message) { Napi::Error::New(env, message).ThrowAsJavaScriptException(); }

// False once a worker was terminated: its calls and its work are still completed, for nobody.
bool CanRunJavaScript(napi_env env) {
  napi_value object;
  napi_value value;
  return napi_create_object(env, &object) == napi_ok && napi_get_undefined(env, &value) == napi_ok &&
         napi_set_named_property(env, object, "value", value) == napi_ok;
}

// The environment may end in the middle of a call, when a worker is terminated: then whatever is asked for is empty, and to
// ask an empty value for anything would end the whole process. Therefore values are looked at, never converted.
std::string Text(const Napi::Value& value) {
  return value.IsString() ? value.As<Napi::String>().Utf8Value() : std::string();
}

int64_t Integer(const Napi::Value& value) { return value.IsNumber() ? value.As<Napi::Number>().Int64Value() : 0; }

CpuProfiler* ProfilerOrThrow(Napi::Env env) {
  CpuProfiler* profiler = env.GetInstanceData<Addon>()->profiler.get();
  if (profiler == nullptr) Throw(env, "create() was not called");
  return profiler;
}

// create(lazyLogging: boolean): void
void Create(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  Addon* addon = env.GetInstanceData<Addon>();
  if (addon->profiler != nullptr) return;
  const Result<V8Symbols> symbols = V8Symbols::Load();
  if (!symbols.ok()) return Throw(env, symbols.message());
  addon->v8 = symbols.value();
  const int logging_mode = info[0].IsBoolean() && info[0].As<Napi::Boolean>().Value() ? kLazyLogging : kEagerLogging;
  addon->profiler = std::make_unique<CpuProfiler>(addon->v8, logging_mode);
}

// recordContext(ring: Float64Array | null): void
// From the next start on, a record of each sample is written to the ring.
void RecordContext(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  CpuProfiler* profiler = ProfilerOrThrow(env);
  if (profiler == nullptr) return;
  Addon* addon = env.GetInstanceData<Addon>();
  profiler->UseContext(nullptr);
  if (!info[0].IsTypedArray()) return;
  Napi::Float64Array ring = info[0].As<Napi::Float64Array>();
  const size_t capacity = (ring.ElementLength() - SampleContext::kHeaderLength) / SampleContext::kRecordLength;
  addon->ring = Napi::Persistent(ring);
  profiler->UseContext(std::make_unique<SampleContext>(ring.Data(), capacity, addon->slot.get()));
}

// useSlots(key: AsyncLocalStorage): boolean
Napi::Value UseSlots(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  Addon* addon = env.GetInstanceData<Addon>();
  const Result<V8ContextSymbols> symbols = V8ContextSymbols::Load();
  if (symbols.ok()) {
    addon->slot = std::make_unique<AsyncSlot>(symbols.value());
    addon->slot->UseKey(static_cast<napi_value>(info[0]));
  }
  return Napi::Boolean::New(env, symbols.ok());
}

// probeSlots(): boolean
Napi::Value ProbeSlots(const Napi::CallbackInfo& info) {
  AsyncSlot* slot = info.Env().GetInstanceData<Addon>()->slot.get();
  return Napi::Boolean::New(info.Env(), slot != nullptr && slot->Probe());
}

// settleSlots(): boolean
Napi::Value SettleSlots(const Napi::CallbackInfo& info) {
  AsyncSlot* slot = info.Env().GetInstanceData<Addon>()->slot.get();
  return Napi::Boolean::New(info.Env(), slot != nullptr && slot->Settle());
}

// readSlot(): number
Napi::Value ReadSlot(const Napi::CallbackInfo& info) {
  const AsyncSlot* slot = info.Env().GetInstanceData<Addon>()->slot.get();
  return Napi::Number::New(info.Env(), slot == nullptr ? AsyncSlot::kNone : slot->Read());
}

// dropSlots(): void
// Only before recordContext().
void DropSlots(const Napi::CallbackInfo& info) { info.Env().GetInstanceData<Addon>()->slot.reset(); }

// clocks(): [number, number]
// The sample clock and this thread's CPU time, microseconds.
Napi::Value Clocks(const Napi::CallbackInfo& info) {
  Napi::Array clocks = Napi::Array::New(info.Env(), 2);
  clocks.Set(0u, static_cast<double>(SampleClockMicros()));
  clocks.Set(1u, static_cast<double>(ThreadCpuMicros()));
  return clocks;
}

Result<bool> StartProfile(Napi::Env env, CpuProfiler* profiler, int interval_micros) {
  const napi_value title = Napi::String::New(env, kTitle);
  return profiler->Start(reinterpret_cast<V8LocalString>(title), interval_micros);
}

// start(intervalMicros: number): void
void Start(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  CpuProfiler* profiler = ProfilerOrThrow(env);
  if (profiler == nullptr) return;
  profiler->DeleteUnused();
  const Result<bool> started = StartProfile(env, profiler, static_cast<int>(Integer(info[0])));
  if (!started.ok()) Throw(env, started.message());
}

// pause(): void
// Stops sampling; what was sampled since the last cut stays part of the chunk.
void Pause(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  CpuProfiler* profiler = ProfilerOrThrow(env);
  if (profiler == nullptr) return;
  const Result<StoppedProfile*> stopped = profiler->Stop();
  if (!stopped.ok()) return Throw(env, stopped.message());
  env.GetInstanceData<Addon>()->parts.push_back(stopped.value());
}

ChunkMeta ReadMeta(const Napi::Object& object) {
  ChunkMeta meta;
  meta.head = Text(object.Get("head"));
  meta.extension = Text(object.Get("extension"));
  meta.span_extension = Text(object.Get("spanExtension"));
  meta.root = Text(object.Get("root"));
  meta.interval_micros = Integer(object.Get("intervalMicros"));
  meta.debug_ids = Text(object.Get("debugIds"));
  // A flat list: id, name, id, name, …
  const Napi::Value list = object.Get("threads");
  const Napi::Array threads = list.IsArray() ? list.As<Napi::Array>() : Napi::Array();
  const uint32_t length = threads.IsEmpty() ? 0 : threads.Length();
  for (uint32_t i = 0; i + 1 < length; i += 2) {
    meta.threads.push_back({Text(threads.Get(i)), Text(threads.Get(i + 1))});
  }
  const Napi::Value memory = object.Get("records");
  if (!memory.IsTypedArray()) return meta;
  const Napi::Float64Array records = memory.As<Napi::Float64Array>();
  meta.records.resize(records.ElementLength() * sizeof(double) / sizeof(SampleRecord));
  std::memcpy(meta.records.data(), records.Data(), meta.records.size() * sizeof(SampleRecord));
  return meta;
}

// Hands the bytes over without a copy where the runtime allows it.
Napi::Value TakeBytes(Napi::Env env, SerializedChunk* chunk) {
  if (chunk->json.empty()) return env.Null();
  auto* bytes = new std::string(std::move(chunk->json));
  return Napi::Buffer<char>::NewOrCopy(env, bytes->data(), bytes->size(),
                                       [bytes](Napi::BasicEnv, char*) { delete bytes; });
}

Napi::Object ToObject(Napi::Env env, SerializedChunk chunk) {
  Napi::Object result = Napi::Object::New(env);
  result.Set("json", TakeBytes(env, &chunk));
  result.Set("samples", static_cast<double>(chunk.samples));
  result.Set("busySamples", static_cast<double>(chunk.busy_samples));
  result.Set("samplesWithoutSpan", static_cast<double>(chunk.samples_without_span));
  result.Set("cpuMicros", static_cast<double>(chunk.cpu_micros));
  return result;
}

// Serialises one chunk on the thread pool and settles a promise with the bytes.
class SerializeWorker : public Napi::AsyncWorker {
 public:
  SerializeWorker(Napi::Env env, SharedSerialization serialization)
      : Napi::AsyncWorker(env, "next-profiling:serialize"), deferred_(env), serialization_(serialization) {
    env.GetInstanceData<Addon>()->serializing.push_back(serialization_);
  }

  Napi::Promise promise() const { return deferred_.Promise(); }

  void Execute() override { serialization_->Run(); }

  void OnOK() override {
    Napi::Env env = Env();
    Addon* addon = env.GetInstanceData<Addon>();
    // Nothing to do while the next profile runs: the next cut deletes.
    if (addon->profiler != nullptr) addon->profiler->DeleteUnused();
    auto& serializing = addon->serializing;
    serializing.erase(std::remove(serializing.begin(), serializing.end(), serialization_), serializing.end());
    if (!CanRunJavaScript(env)) return;
    deferred_.Resolve(ToObject(env, serialization_->Take()));
  }

 private:
  Napi::Promise::Deferred deferred_;
  const SharedSerialization serialization_;
};

// cut(meta: ChunkMeta, nextIntervalMicros: number): { startError: string, chunk: Promise }
// Ends the running chunk and, unless the interval is 0, starts the next one. In this order, so that nothing is deleted
// while a sampler thread lives and the gap stays within one sampling interval: stop, delete the chunk before this one,
// start.
Napi::Value Cut(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  CpuProfiler* profiler = ProfilerOrThrow(env);
  if (profiler == nullptr) return env.Undefined();
  // Everything that touches JavaScript objects happens before the gap.
  ChunkMeta meta = ReadMeta(info[0].As<Napi::Object>());
  // Half of a meta is none.
  if (!CanRunJavaScript(env)) return env.Undefined();
  const int next_interval_micros = static_cast<int>(Integer(info[1]));

  Addon* addon = env.GetInstanceData<Addon>();
  if (profiler->running()) {
    const Result<StoppedProfile*> stopped = profiler->Stop();
    if (stopped.ok()) addon->parts.push_back(stopped.value());
  }
  if (addon->parts.empty()) {
    Throw(env, "nothing was sampled since the last cut");
    return env.Undefined();
  }
  profiler->DeleteUnused();
  std::string start_error;
  if (next_interval_micros > 0) start_error = StartProfile(env, profiler, next_interval_micros).message();

  auto* worker = new SerializeWorker(
      env, SharedSerialization(new Serialization(addon->v8, std::exchange(addon->parts, {}), std::move(meta))));
  Napi::Object result = Napi::Object::New(env);
  result.Set("startError", start_error);
  result.Set("chunk", worker->promise());
  worker->Queue();
  return result;
}

// finish(meta: ChunkMeta | null, timeoutMs: number): SerializedChunk[]
// For a process that is ending: every chunk that was cut and not handed over, and, with a meta, the running one. What the
// thread pool has begun is waited for until the time is over; the rest is serialised here.
Napi::Value Finish(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  CpuProfiler* profiler = ProfilerOrThrow(env);
  if (profiler == nullptr) return env.Undefined();
  Addon* addon = env.GetInstanceData<Addon>();
  const auto deadline = SampleClockMicros() + Integer(info[1]) * 1000;
  if (profiler->running()) {
    const Result<StoppedProfile*> stopped = profiler->Stop();
    if (stopped.ok()) addon->parts.push_back(stopped.value());
  }
  Napi::Array chunks = Napi::Array::New(env);
  for (const auto& serialization : std::exchange(addon->serializing, {})) {
    serialization->Run();
    if (serialization->WaitUntil(deadline)) chunks.Set(chunks.Length(), ToObject(env, serialization->Take()));
  }
  if (info[0].IsObject() && !addon->parts.empty()) {
    const ChunkMeta meta = ReadMeta(info[0].As<Napi::Object>());
    if (CanRunJavaScript(env)) {
      chunks.Set(chunks.Length(), ToObject(env, SerializeChunk(addon->v8, addon->parts, meta)));
    }
  }
  addon->ForgetParts();
  return chunks;
}

// recreate(): boolean
Napi::Value Recreate(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  CpuProfiler* profiler = ProfilerOrThrow(env);
  if (profiler == nullptr) return env.Undefined();
  env.GetInstanceData<Addon>()->ForgetParts();
  return Napi::Boolean::New(env, profiler->Recreate());
}

}  // namespace

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(new Addon());
  const auto add = [&](const char* name, auto function) {
    exports.Set(name, Napi::Function::New(env, function, kEveryFunction));
  };
  add("create", Create);
  add("clocks", Clocks);
  add("useSlots", UseSlots);
  add("probeSlots", ProbeSlots);
  add("settleSlots", SettleSlots);
  add("readSlot", ReadSlot);
  add("dropSlots", DropSlots);
  add("recordContext", RecordContext);
  add("start", Start);
  add("pause", Pause);
  add("cut", Cut);
  add("finish", Finish);
  add("recreate", Recreate);
  return exports;
}

}  // namespace next_profiling

using next_profiling::Init;
NODE_API_MODULE(next_profiling, Init)

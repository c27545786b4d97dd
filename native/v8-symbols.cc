#include "v8-symbols.h"

#include <dlfcn.h>

namespace next_profiling {

namespace {

class Lookup {
 public:
  template <typename Function>
  void Find(Function* target, const char* symbol) {
    void* address = dlsym(RTLD_DEFAULT, symbol);
    if (address == nullptr && missing_ == nullptr) missing_ = symbol;
    *target = reinterpret_cast<Function>(address);
  }

  const char* missing() const { return missing_; }

 private:
  const char* missing_ = nullptr;
};

}  // namespace

Result<V8Symbols> V8Symbols::Load() {
  V8Symbols v8 = {};
  Lookup lookup;
  lookup.Find(&v8.isolate_get_current, "_ZN2v87Isolate10GetCurrentEv");
  lookup.Find(&v8.profiler_new,
              "_ZN2v811CpuProfiler3NewEPNS_7IsolateENS_22CpuProfilingNamingModeENS_"
              "23CpuProfilingLoggingModeE");
  lookup.Find(&v8.profiler_dispose, "_ZN2v811CpuProfiler7DisposeEv");
  lookup.Find(&v8.profiler_set_sampling_interval, "_ZN2v811CpuProfiler19SetSamplingIntervalEi");
  lookup.Find(&v8.profiler_start, "_ZN2v811CpuProfiler5StartENS_5LocalINS_6StringEEENS_16CpuProfilingModeEbj");
  lookup.Find(&v8.profiler_stop, "_ZN2v811CpuProfiler4StopEj");
  lookup.Find(&v8.profile_delete, "_ZN2v810CpuProfile6DeleteEv");
  lookup.Find(&v8.profile_samples_count, "_ZNK2v810CpuProfile15GetSamplesCountEv");
  lookup.Find(&v8.profile_sample, "_ZNK2v810CpuProfile9GetSampleEi");
  lookup.Find(&v8.profile_sample_timestamp, "_ZNK2v810CpuProfile18GetSampleTimestampEi");
  lookup.Find(&v8.profile_start_time, "_ZNK2v810CpuProfile12GetStartTimeEv");
  lookup.Find(&v8.profile_end_time, "_ZNK2v810CpuProfile10GetEndTimeEv");
  lookup.Find(&v8.node_hit_count, "_ZNK2v814CpuProfileNode11GetHitCountEv");
  lookup.Find(&v8.node_id, "_ZNK2v814CpuProfileNode9GetNodeIdEv");
  lookup.Find(&v8.node_parent, "_ZNK2v814CpuProfileNode9GetParentEv");
  lookup.Find(&v8.node_function_name, "_ZNK2v814CpuProfileNode18GetFunctionNameStrEv");
  lookup.Find(&v8.node_script_name, "_ZNK2v814CpuProfileNode24GetScriptResourceNameStrEv");
  lookup.Find(&v8.node_line, "_ZNK2v814CpuProfileNode13GetLineNumberEv");
  lookup.Find(&v8.node_column, "_ZNK2v814CpuProfileNode15GetColumnNumberEv");
  if (lookup.missing() != nullptr) {
    return Result<V8Symbols>::Error(std::string("this runtime does not export ") + lookup.missing());
  }
  return Result<V8Symbols>::Ok(v8);
}

Result<V8ContextSymbols> V8ContextSymbols::Load() {
  V8ContextSymbols v8 = {};
  Lookup lookup;
  lookup.Find(&v8.isolate_get_current, "_ZN2v87Isolate10GetCurrentEv");
  lookup.Find(&v8.get_async_context_frame, "_ZN2v87Isolate36GetContinuationPreservedEmbedderDataEv");
  lookup.Find(&v8.value_is_map, "_ZNK2v85Value5IsMapEv");
  lookup.Find(&v8.globalize_reference, "_ZN2v812api_internal18GlobalizeReferenceEPNS_8internal7IsolateEm");
  lookup.Find(&v8.dispose_global, "_ZN2v812api_internal13DisposeGlobalEPm");
  lookup.Find(&v8.add_gc_prologue_callback,
              "_ZN2v87Isolate21AddGCPrologueCallbackEPFvPS0_NS_6GCTypeENS_15GCCallbackFlagsEPvES4_S2_");
  lookup.Find(&v8.add_gc_epilogue_callback,
              "_ZN2v87Isolate21AddGCEpilogueCallbackEPFvPS0_NS_6GCTypeENS_15GCCallbackFlagsEPvES4_S2_");
  lookup.Find(&v8.remove_gc_prologue_callback,
              "_ZN2v87Isolate24RemoveGCPrologueCallbackEPFvPS0_NS_6GCTypeENS_15GCCallbackFlagsEPvES4_");
  lookup.Find(&v8.remove_gc_epilogue_callback,
              "_ZN2v87Isolate24RemoveGCEpilogueCallbackEPFvPS0_NS_6GCTypeENS_15GCCallbackFlagsEPvES4_");
  if (lookup.missing() != nullptr) {
    return Result<V8ContextSymbols>::Error(std::string("this runtime does not export ") + lookup.missing());
  }
  return Result<V8ContextSymbols>::Ok(v8);
}

}  // namespace next_profiling

#ifndef NEXT_PROFILING_ASYNC_SLOT_H_
#define NEXT_PROFILING_ASYNC_SLOT_H_

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "v8-symbols.h"

namespace next_profiling {

// Reads the slot that runs now, also from a signal handler.
//
// Node keeps the values of all AsyncLocalStorage objects in a Map, the async context frame, and V8 restores the frame of
// the task that it runs. Our own AsyncLocalStorage holds a small integer, which V8 stores inside the Map's table itself:
// reading it follows no pointer to an object of anybody else's, and needs no handle, no allocation and no lock.
//
// Where the isolate keeps the current frame differs from version to version and is in no public header's function, so
// it is found by search: see Probe(). Isolate thread only, but for Read().
class AsyncSlot {
 public:
  explicit AsyncSlot(const V8ContextSymbols& v8);
  ~AsyncSlot();
  AsyncSlot(const AsyncSlot&) = delete;
  AsyncSlot& operator=(const AsyncSlot&) = delete;

  // The AsyncLocalStorage to look for. Once.
  void UseKey(V8LocalValue key);

  // Narrows down where the isolate keeps the current frame: of all words that were the frame each time before, keeps
  // those that are it now. To be called within several frames. False if the current frame is no Map, or none is left.
  bool Probe();

  // Whether exactly one place is left. From then on Read() works.
  bool Settle();

  // The slot of the running task; kNone if it has none. Async-signal-safe on the isolate's thread.
  int32_t Read() const;

  static constexpr int32_t kNone = 0;

 private:
  static void BeforeGc(V8Isolate*, int type, int flags, void* self);
  static void AfterGc(V8Isolate*, int type, int flags, void* self);
  int32_t ReadFrame() const;

  const V8ContextSymbols v8_;
  V8Isolate* const isolate_;
  // The key's address, kept current by the garbage collector.
  uintptr_t* key_ = nullptr;
  bool probed_ = false;
  std::vector<size_t> candidates_;
  const volatile uintptr_t* frame_ = nullptr;
  // While objects move nothing is read: a collection belongs to the task that it interrupted.
  volatile std::sig_atomic_t gc_depth_ = 0;
  int32_t slot_before_gc_ = kNone;
};

}  // namespace next_profiling

#endif  // NEXT_PROFILING_ASYNC_SLOT_H_

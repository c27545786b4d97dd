#ifndef NEXT_PROFILING_SERIALIZATION_H_
#define NEXT_PROFILING_SERIALIZATION_H_

#include <atomic>
#include <utility>
#include <vector>

#include "chunk-serializer.h"
#include "clock.h"

namespace next_profiling {

// One chunk on its way through the thread pool. Who ends the process takes the result before the event loop would, and
// does the work where the pool has not begun.
class Serialization {
 public:
  Serialization(const V8Symbols& v8, std::vector<StoppedProfile*> parts, ChunkMeta meta)
      : v8_(v8), parts_(std::move(parts)), meta_(std::move(meta)) {}

  // Does the work, unless another thread does or did.
  void Run() {
    if (claimed_.exchange(true)) return;
    const int64_t before_micros = ThreadCpuMicros();
    SerializedChunk chunk = SerializeChunk(v8_, parts_, meta_);
    chunk.cpu_micros = ThreadCpuMicros() - before_micros;
    for (StoppedProfile* part : parts_) part->in_use.store(false, std::memory_order_release);
    chunk_ = std::move(chunk);
    done_.store(true, std::memory_order_release);
  }

  // False if it is not done by then, on the sample clock. Looks again and again: only the end of a process waits, and a
  // condition variable would bring more of the C++ runtime than it is worth.
  bool WaitUntil(int64_t deadline_micros) const {
    while (!done_.load(std::memory_order_acquire)) {
      if (SampleClockMicros() >= deadline_micros) return false;
      SleepMicros(500);
    }
    return true;
  }

  // Only when it is done.
  SerializedChunk Take() { return std::exchange(chunk_, {}); }

 private:
  const V8Symbols v8_;
  const std::vector<StoppedProfile*> parts_;
  const ChunkMeta meta_;
  std::atomic<bool> claimed_{false};
  std::atomic<bool> done_{false};
  friend class SharedSerialization;
  std::atomic<int> owners_{0};
  SerializedChunk chunk_;
};

// Its last owner deletes it. As std::shared_ptr, which would bring the locks of the C++ runtime.
class SharedSerialization {
 public:
  explicit SharedSerialization(Serialization* owned) : owned_(owned) { owned_->owners_++; }
  SharedSerialization(const SharedSerialization& other) : SharedSerialization(other.owned_) {}
  SharedSerialization& operator=(SharedSerialization other) {
    std::swap(owned_, other.owned_);
    return *this;
  }
  ~SharedSerialization() {
    if (--owned_->owners_ == 0) delete owned_;
  }

  Serialization* operator->() const { return owned_; }
  bool operator==(const SharedSerialization& other) const { return owned_ == other.owned_; }

 private:
  Serialization* owned_;
};

}  // namespace next_profiling

#endif  // NEXT_PROFILING_SERIALIZATION_H_

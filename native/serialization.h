#ifndef NEXT_PROFILING_SERIALIZATION_H_
#define NEXT_PROFILING_SERIALIZATION_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
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
    const int64_t before_micros = ClockMicros(CLOCK_THREAD_CPUTIME_ID);
    SerializedChunk chunk = SerializeChunk(v8_, parts_, meta_);
    chunk.cpu_micros = ClockMicros(CLOCK_THREAD_CPUTIME_ID) - before_micros;
    for (StoppedProfile* part : parts_) part->in_use.store(false, std::memory_order_release);
    const std::lock_guard<std::mutex> lock(mutex_);
    chunk_ = std::move(chunk);
    done_ = true;
    changed_.notify_all();
  }

  // False if it is not done by then.
  bool WaitUntil(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_until(lock, deadline, [this] { return done_; });
  }

  SerializedChunk Take() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return std::exchange(chunk_, {});
  }

 private:
  const V8Symbols v8_;
  const std::vector<StoppedProfile*> parts_;
  const ChunkMeta meta_;
  std::atomic<bool> claimed_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  SerializedChunk chunk_;
};

}  // namespace next_profiling

#endif  // NEXT_PROFILING_SERIALIZATION_H_

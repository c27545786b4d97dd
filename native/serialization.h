#ifndef NEXT_PROFILING_SERIALIZATION_H_
#define NEXT_PROFILING_SERIALIZATION_H_

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "chunk-serializer.h"

namespace next_profiling {

// One chunk on its way through the thread pool. Who ends the process takes the result before the event loop would.
class Serialization {
 public:
  void Finish(SerializedChunk chunk) {
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
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  SerializedChunk chunk_;
};

}  // namespace next_profiling

#endif  // NEXT_PROFILING_SERIALIZATION_H_

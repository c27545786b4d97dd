#include "sample-context.h"

#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <cerrno>

#include "clock.h"

namespace next_profiling {

namespace {

using Handler = void (*)(int, siginfo_t*, void*);

// Signals are the process's, so this is, too. `owner` is written before `armed` and only while nothing is armed.
std::atomic<SampleContext*> armed{nullptr};
pthread_t owner;
// The handler that ours stands before. It stays after a disarm: somebody may have chained to ours meanwhile.
std::atomic<Handler> next_handler{nullptr};

}  // namespace

struct SampleContext::Signal {
  int number;
  siginfo_t* info;
  void* context;

  static void Handle(int number, siginfo_t* info, void* context);

  void PassOn() const {
    if (const Handler next = next_handler.load()) next(number, info, context);
  }
};

SampleContext::SampleContext(double* ring, size_t capacity, const AsyncSlot* slot)
    : ring_(ring), capacity_(capacity), slot_(slot) {}

SampleContext::~SampleContext() { Disarm(); }

void SampleContext::Arm() {
  if (armed_ || armed.load() != nullptr) return;
  struct sigaction current;
  if (sigaction(SIGPROF, nullptr, &current) != 0 || (current.sa_flags & SA_SIGINFO) == 0) return;
  owner = pthread_self();
  armed.store(this);
  armed_ = true;
  // Ours is there already if somebody had chained to it and has put it back. To stand before itself it must not.
  if (current.sa_sigaction == Signal::Handle) return;
  next_handler.store(current.sa_sigaction);
  struct sigaction ours = current;
  ours.sa_sigaction = Signal::Handle;
  sigaction(SIGPROF, &ours, nullptr);
}

void SampleContext::Disarm() {
  if (!armed_) return;
  armed_ = false;
  struct sigaction current;
  // If another handler stands before ours, it stays there, and ours goes on to pass signals on.
  if (sigaction(SIGPROF, nullptr, &current) == 0 && current.sa_sigaction == Signal::Handle) {
    current.sa_sigaction = next_handler.load();
    sigaction(SIGPROF, &current, nullptr);
  }
  armed.store(nullptr);
}

void SampleContext::Signal::Handle(int number, siginfo_t* info, void* context) {
  const int saved_errno = errno;
  const Signal signal = {number, info, context};
  SampleContext* self = armed.load();
  if (self != nullptr && pthread_equal(pthread_self(), owner)) {
    self->Record(signal);
  } else {
    signal.PassOn();
  }
  errno = saved_errno;
}

void SampleContext::Record(const Signal& signal) {
  const int64_t cpu_before = ThreadCpuMicros();
  const int32_t slot = slot_ == nullptr ? AsyncSlot::kNone : slot_->Read();
  const int64_t before = SampleClockMicros();
  signal.PassOn();
  const int64_t after = SampleClockMicros();

  const double count = ring_[0];
  double* record = ring_ + kHeaderLength + (static_cast<uint64_t>(count) % capacity_) * kRecordLength;
  record[0] = static_cast<double>(before);
  record[1] = static_cast<double>(after);
  record[2] = static_cast<double>(cpu_before);
  record[3] = static_cast<double>(ThreadCpuMicros());
  record[4] = slot;
  // The reader is the thread that was interrupted: the compiler's order is all that matters.
  std::atomic_signal_fence(std::memory_order_release);
  ring_[0] = count + 1;
}

}  // namespace next_profiling

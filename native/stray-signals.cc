#include "stray-signals.h"

#include <pthread.h>
#include <signal.h>

namespace next_profiling {

namespace {

// POSIX's own, since std::mutex would bring the exceptions of the C++ runtime.
pthread_mutex_t starting = PTHREAD_MUTEX_INITIALIZER;

void Ignore(int) {}

}  // namespace

void KeepStraySignalsHarmless() {
  struct sigaction current;
  if (sigaction(SIGPROF, nullptr, &current) != 0) return;
  // Somebody's handler, V8's too, is theirs to keep.
  if ((current.sa_flags & SA_SIGINFO) != 0 || current.sa_handler != SIG_DFL) return;
  struct sigaction ours = {};
  ours.sa_handler = Ignore;
  ours.sa_flags = SA_RESTART | SA_ONSTACK;
  sigemptyset(&ours.sa_mask);
  sigaction(SIGPROF, &ours, nullptr);
}

SignalLock::SignalLock() { pthread_mutex_lock(&starting); }
SignalLock::~SignalLock() { pthread_mutex_unlock(&starting); }

}  // namespace next_profiling

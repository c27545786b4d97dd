#include "stray-signals.h"

#ifndef _WIN32
#include <signal.h>
#endif

namespace next_profiling {

#ifdef _WIN32

void KeepStraySignalsHarmless() {}

#else

namespace {

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

#endif

}  // namespace next_profiling

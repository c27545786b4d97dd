#ifndef NEXT_PROFILING_STRAY_SIGNALS_H_
#define NEXT_PROFILING_STRAY_SIGNALS_H_

namespace next_profiling {

// Makes a SIGPROF that arrives while nobody handles it do nothing, instead of ending the process as is the default.
//
// When V8 stops to sample it takes its handler away, and a signal that its sampler thread has sent may not have been
// delivered yet. Linux itself delivers it in time; where signals are emulated (gVisor, valgrind, a debugger) it was seen to
// come later and to kill the process. Stays for the process's life, and is no handler of a program that is started with exec.
void KeepStraySignalsHarmless();

// Signal handlers are the process's: between our look at the present one and V8's change of it no other thread may be.
class SignalLock {
 public:
  SignalLock();
  ~SignalLock();
  SignalLock(const SignalLock&) = delete;
  SignalLock& operator=(const SignalLock&) = delete;
};

}  // namespace next_profiling

#endif  // NEXT_PROFILING_STRAY_SIGNALS_H_

#ifndef NEXT_PROFILING_RESULT_H_
#define NEXT_PROFILING_RESULT_H_

#include <string>
#include <utility>

namespace next_profiling {

// A value or the sentence that says why there is none. Everything below addon.cc returns this
// instead of throwing.
template <typename T>
class Result {
 public:
  static Result Ok(T value) { return Result(std::move(value), std::string()); }
  static Result Error(std::string message) { return Result(T(), std::move(message)); }

  bool ok() const { return message_.empty(); }
  const T& value() const { return value_; }
  const std::string& message() const { return message_; }

 private:
  Result(T value, std::string message) : value_(std::move(value)), message_(std::move(message)) {}

  T value_;
  std::string message_;
};

}  // namespace next_profiling

#endif  // NEXT_PROFILING_RESULT_H_

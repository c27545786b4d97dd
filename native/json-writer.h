#ifndef NEXT_PROFILING_JSON_WRITER_H_
#define NEXT_PROFILING_JSON_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace next_profiling {

// Appends JSON to one growing buffer. Knows how values are written, not where commas and braces go.
class JsonWriter {
 public:
  void Raw(const char* text) { buffer_.append(text); }
  void Raw(const std::string& text) { buffer_.append(text); }
  void Raw(char character) { buffer_.push_back(character); }

  void Integer(int64_t value);
  // Microseconds as seconds with exactly six decimals; a double could not hold Unix time that
  // finely.
  void Seconds(int64_t micros);
  // Quotes and escapes. Bytes that are no UTF-8 become U+FFFD, so that the result is always valid
  // JSON.
  void String(const char* text, size_t length);
  void String(const std::string& text) { String(text.data(), text.size()); }

  std::string Take() { return std::move(buffer_); }
  void Reserve(size_t bytes) { buffer_.reserve(bytes); }

 private:
  std::string buffer_;
};

}  // namespace next_profiling

#endif  // NEXT_PROFILING_JSON_WRITER_H_

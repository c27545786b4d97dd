#include "json-writer.h"

namespace next_profiling {

namespace {

// Length of the UTF-8 sequence at `text`, or 0 if there is none (overlong, surrogate, cut off or
// stray bytes).
size_t SequenceLength(const unsigned char* text, size_t left) {
  const unsigned char lead = text[0];
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || length > left) return 0;
  for (size_t i = 1; i < length; i++) {
    if ((text[i] & 0xC0) != 0x80) return 0;
  }
  const unsigned char second = text[1];
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) || (lead == 0xF0 && second < 0x90) ||
      (lead == 0xF4 && second > 0x8F)) {
    return 0;
  }
  return length;
}

}  // namespace

void JsonWriter::Integer(int64_t value) {
  char digits[20];
  size_t count = 0;
  uint64_t rest = value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  do {
    digits[count++] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  if (value < 0) buffer_.push_back('-');
  while (count > 0) buffer_.push_back(digits[--count]);
}

void JsonWriter::Seconds(int64_t micros) {
  if (micros < 0) micros = 0;
  Integer(micros / 1000000);
  char fraction[7] = {'.', '0', '0', '0', '0', '0', '0'};
  int64_t rest = micros % 1000000;
  for (int i = 6; i > 0; i--) {
    fraction[i] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  }
  buffer_.append(fraction, sizeof fraction);
}

void JsonWriter::String(const char* text, size_t length) {
  static const char kHex[] = "0123456789abcdef";
  const unsigned char* bytes = reinterpret_cast<const unsigned char*>(text);
  buffer_.push_back('"');
  for (size_t i = 0; i < length;) {
    const unsigned char byte = bytes[i];
    if (byte == '"' || byte == '\\') {
      buffer_.push_back('\\');
      buffer_.push_back(text[i++]);
    } else if (byte < 0x20 || byte == 0x7F) {
      buffer_.append("\\u00");
      buffer_.push_back(kHex[byte >> 4]);
      buffer_.push_back(kHex[byte & 15]);
      i++;
    } else if (const size_t sequence = SequenceLength(bytes + i, length - i)) {
      buffer_.append(text + i, sequence);
      i += sequence;
    } else {
      buffer_.append("\xEF\xBF\xBD");
      i++;
    }
  }
  buffer_.push_back('"');
}

}  // namespace next_profiling

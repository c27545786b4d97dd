#include "async-slot.h"

#include <algorithm>

namespace next_profiling {

namespace {

// V8's isolate is some tens of kilobytes; the word was seen at 576 (Node 22), 632 (24) and 680 (26).
constexpr size_t kSearchedBytes = 4096;

// V8 object layouts on 64-bit machines without pointer compression, as Node builds it; the same in V8 12.4 to 14.6.
// A wrong one does not get past the self-test: see async-slots.ts.
constexpr uintptr_t kHeapObjectTag = 1;
constexpr int kSmiShift = 32;
constexpr size_t kMapTableOffset = 24;
// OrderedHashMap: map, length, then as elements: entries, deleted entries, buckets, the buckets, the entries.
constexpr size_t kLengthOffset = 8;
constexpr size_t kElementsOffset = 16;
constexpr size_t kHeaderElements = 3;
// key, value, chain
constexpr size_t kEntryElements = 3;
// A frame has an entry for each AsyncLocalStorage with a value; Next with Sentry has about ten.
constexpr int32_t kMostEntries = 128;

bool IsSmi(uintptr_t word) { return (word & kHeapObjectTag) == 0; }
int32_t SmiValue(uintptr_t word) { return static_cast<int32_t>(static_cast<intptr_t>(word) >> kSmiShift); }

uintptr_t WordAt(uintptr_t object, size_t offset) {
  return *reinterpret_cast<const uintptr_t*>(object - kHeapObjectTag + offset);
}

// A Smi from 0 to `most`, or -1.
int32_t CountAt(uintptr_t object, size_t offset, int32_t most) {
  const uintptr_t word = WordAt(object, offset);
  if (!IsSmi(word)) return -1;
  const int32_t value = SmiValue(word);
  return value >= 0 && value <= most ? value : -1;
}

// The small integer that the Map holds for the key.
int32_t LookUp(uintptr_t frame, uintptr_t key) {
  const uintptr_t table = WordAt(frame, kMapTableOffset);
  if (IsSmi(table)) return AsyncSlot::kNone;
  const int32_t length = CountAt(table, kLengthOffset, INT32_MAX);
  const int32_t live = CountAt(table, kElementsOffset, kMostEntries);
  const int32_t deleted = CountAt(table, kElementsOffset + 8, kMostEntries);
  const int32_t buckets = CountAt(table, kElementsOffset + 16, kMostEntries);
  if (length < 0 || live < 0 || deleted < 0 || buckets < 0) return AsyncSlot::kNone;
  const size_t first = kHeaderElements + static_cast<size_t>(buckets);
  const size_t entries = static_cast<size_t>(live) + static_cast<size_t>(deleted);
  if (first + entries * kEntryElements > static_cast<size_t>(length)) return AsyncSlot::kNone;
  for (size_t i = 0; i < entries; i++) {
    const size_t offset = kElementsOffset + (first + i * kEntryElements) * sizeof(uintptr_t);
    if (WordAt(table, offset) != key) continue;
    const uintptr_t value = WordAt(table, offset + sizeof(uintptr_t));
    return IsSmi(value) ? SmiValue(value) : AsyncSlot::kNone;
  }
  return AsyncSlot::kNone;
}

}  // namespace

AsyncSlot::AsyncSlot(const V8ContextSymbols& v8) : v8_(v8), isolate_(v8.isolate_get_current()) {
  v8_.add_gc_prologue_callback(isolate_, BeforeGc, this, kMovingGcTypes);
  v8_.add_gc_epilogue_callback(isolate_, AfterGc, this, kMovingGcTypes);
}

AsyncSlot::~AsyncSlot() {
  v8_.remove_gc_prologue_callback(isolate_, BeforeGc, this);
  v8_.remove_gc_epilogue_callback(isolate_, AfterGc, this);
  if (key_ != nullptr) v8_.dispose_global(key_);
}

void AsyncSlot::UseKey(V8LocalValue key) {
  if (key_ == nullptr) key_ = v8_.globalize_reference(isolate_, *static_cast<uintptr_t*>(key));
}

bool AsyncSlot::Probe() {
  const auto* frame = static_cast<const uintptr_t*>(v8_.get_async_context_frame(isolate_));
  if (frame == nullptr || IsSmi(*frame) || !v8_.value_is_map(frame)) return false;
  const auto* words = reinterpret_cast<const uintptr_t*>(isolate_);
  if (!probed_) {
    for (size_t i = 0; i < kSearchedBytes / sizeof(uintptr_t); i++) candidates_.push_back(i);
    probed_ = true;
  }
  const auto other = [&](size_t i) { return words[i] != *frame; };
  candidates_.erase(std::remove_if(candidates_.begin(), candidates_.end(), other), candidates_.end());
  return !candidates_.empty();
}

bool AsyncSlot::Settle() {
  if (!probed_ || candidates_.size() != 1 || key_ == nullptr) return false;
  frame_ = reinterpret_cast<const uintptr_t*>(isolate_) + candidates_[0];
  return true;
}

int32_t AsyncSlot::Read() const { return gc_depth_ > 0 ? slot_before_gc_ : ReadFrame(); }

int32_t AsyncSlot::ReadFrame() const {
  if (frame_ == nullptr) return kNone;
  const uintptr_t frame = *frame_;
  if (IsSmi(frame) || !v8_.value_is_map(&frame)) return kNone;
  return LookUp(frame, *key_);
}

void AsyncSlot::BeforeGc(V8Isolate*, int, int, void* data) {
  auto* self = static_cast<AsyncSlot*>(data);
  if (self->gc_depth_ == 0) self->slot_before_gc_ = self->ReadFrame();
  self->gc_depth_ = self->gc_depth_ + 1;
}

void AsyncSlot::AfterGc(V8Isolate*, int, int, void* data) {
  auto* self = static_cast<AsyncSlot*>(data);
  if (self->gc_depth_ > 0) self->gc_depth_ = self->gc_depth_ - 1;
}

}  // namespace next_profiling

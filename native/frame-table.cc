#include "frame-table.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <unordered_set>

namespace next_profiling {

namespace {

const char kOmitted[] = "(frames omitted)";
const char kNoScript[] = "";

bool Contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

bool EndsWith(const std::string& text, const char* end) {
  const size_t length = std::strlen(end);
  return text.size() >= length && text.compare(text.size() - length, length, end) == 0;
}

bool HasDrive(const std::string& path, size_t at) {
  return path.size() > at + 2 && std::isalpha(static_cast<unsigned char>(path[at])) && path[at + 1] == ':' &&
         (path[at + 2] == '\\' || path[at + 2] == '/');
}

// Slashes in place of the backslashes of a Windows path; everywhere else a backslash is a letter like others.
std::string Slashed(std::string path) {
  if (HasDrive(path, 0) || path.compare(0, 2, "\\\\") == 0) std::replace(path.begin(), path.end(), '\\', '/');
  return path;
}

// As a path with slashes. The URL of one on a Windows drive has one more before it.
std::string PathOf(const std::string& script) {
  static const char kScheme[] = "file://";
  const size_t length = sizeof kScheme - 1;
  if (script.compare(0, length, kScheme) != 0) return Slashed(script);
  return script.substr(HasDrive(script, length + 1) ? length + 1 : length);
}

// Whether a script is the user's. Bundles hold the user's code and its dependencies' alike, so a
// bundle counts as the user's until source maps say more; what is certain to be someone else's is
// named here.
bool IsInApp(const std::string& path) {
  if (path.empty() || path.compare(0, 5, "node:") == 0) return false;
  // Turbopack names chunks of packages node_modules_….js.
  if (Contains(path, "node_modules/") || Contains(path, "/node_modules_")) return false;
  return !EndsWith(path, "/next-profiling/engine.cjs") && !EndsWith(path, "[turbopack]_runtime.js") &&
         !EndsWith(path, "/webpack-runtime.js") && !EndsWith(path, "/webpack-api-runtime.js");
}

// The path that people recognise: from the last node_modules, else from the application's folder.
std::string ShortName(const std::string& path, const std::string& root) {
  const size_t package = path.rfind("node_modules/");
  if (package != std::string::npos) return path.substr(package);
  if (!root.empty() && path.size() > root.size() + 1 && path.compare(0, root.size(), root) == 0 &&
      path[root.size()] == '/') {
    return path.substr(root.size() + 1);
  }
  return path;
}

// Sentry's module of a Node frame: folders joined by dots, then a colon and the file without its
// ending.
std::string ModuleName(const std::string& short_name) {
  static const char kPackages[] = "node_modules/";
  std::string name = short_name.compare(0, sizeof kPackages - 1, kPackages) == 0
                         ? short_name.substr(sizeof kPackages - 1)
                         : short_name;
  for (const char* ending : {".js", ".cjs", ".mjs", ".ts"}) {
    if (EndsWith(name, ending)) {
      name.resize(name.size() - std::strlen(ending));
      break;
    }
  }
  const size_t last = name.rfind('/');
  for (size_t i = 0; i < name.size(); i++) {
    if (name[i] == '/') name[i] = i == last ? ':' : '.';
  }
  const size_t first = name.find_first_not_of(".:");
  return first == std::string::npos ? std::string() : name.substr(first);
}

}  // namespace

FrameTable::FrameTable(const V8Symbols& v8, const std::string& root) : v8_(v8), root_(PathOf(root)) {}

size_t FrameTable::FrameHash::operator()(const Frame& frame) const {
  uint64_t hash = reinterpret_cast<uintptr_t>(frame.function);
  hash = hash * 0x9E3779B97F4A7C15u + reinterpret_cast<uintptr_t>(frame.script);
  hash = hash * 0x9E3779B97F4A7C15u + static_cast<uint32_t>(frame.line);
  hash = hash * 0x9E3779B97F4A7C15u + static_cast<uint32_t>(frame.column);
  return static_cast<size_t>(hash ^ (hash >> 29));
}

int32_t FrameTable::IndexOf(const V8CpuProfileNode* node) {
  return Add({v8_.node_function_name(node), v8_.node_script_name(node), v8_.node_line(node), v8_.node_column(node)});
}

int32_t FrameTable::OmittedIndex() { return Add({kOmitted, kNoScript, 0, 0}); }

int32_t FrameTable::Add(const Frame& frame) {
  const auto found = index_.emplace(frame, static_cast<int32_t>(frames_.size()));
  if (found.second) frames_.push_back(frame);
  return found.first->second;
}

void FrameTable::Write(JsonWriter* json) const {
  for (size_t i = 0; i < frames_.size(); i++) {
    if (i > 0) json->Raw(',');
    WriteFrame(frames_[i], json);
  }
}

void FrameTable::WriteFrame(const Frame& frame, JsonWriter* json) const {
  const std::string function = frame.function == nullptr ? "" : frame.function;
  const std::string script = frame.script == nullptr ? "" : frame.script;
  const std::string path = PathOf(script);
  json->Raw("{\"function\":");
  json->String(function.empty() ? "<anonymous>" : function);
  if (!script.empty()) {
    const std::string short_name = ShortName(path, root_);
    const std::string module = ModuleName(short_name);
    if (!module.empty()) {
      json->Raw(",\"module\":");
      json->String(module);
    }
    json->Raw(",\"filename\":");
    json->String(short_name);
    json->Raw(",\"abs_path\":");
    json->String(script);
  }
  // V8 counts from 1 and says 0 where it does not know; half a position would be a wrong one.
  if (frame.line > 0 && frame.column > 0) {
    json->Raw(",\"lineno\":");
    json->Integer(frame.line);
    json->Raw(",\"colno\":");
    json->Integer(frame.column);
  }
  json->Raw(IsInApp(path) ? ",\"in_app\":true}" : ",\"in_app\":false}");
}

std::vector<std::string> FrameTable::Scripts() const {
  std::unordered_set<const char*> seen;
  std::vector<std::string> scripts;
  for (const Frame& frame : frames_) {
    if (frame.script != nullptr && frame.script[0] != '\0' && seen.insert(frame.script).second) {
      scripts.emplace_back(frame.script);
    }
  }
  return scripts;
}

}  // namespace next_profiling

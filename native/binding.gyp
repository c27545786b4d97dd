{
  "targets": [
    {
      "target_name": "next_profiling",
      "sources": [
        "addon.cc",
        "async-slot.cc",
        "chunk-serializer.cc",
        "cpu-profiler.cc",
        "frame-table.cc",
        "json-writer.cc",
        "sample-writer.cc",
        "stack-table.cc"
      ],
      "conditions": [
        [
          "OS=='win'",
          { "sources": ["windows.cc"] },
          { "sources": ["clock.cc", "sample-context.cc", "stray-signals.cc", "v8-symbols.cc"] }
        ]
      ],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": [
        "NAPI_VERSION=8",
        "NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS",
        "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"
      ],
      "cflags": ["-O2", "-Wall", "-Wextra", "-fvisibility=hidden", "-ffunction-sections", "-fdata-sections"],
      "cflags_cc!": ["-std=gnu++17", "-std=gnu++20"],
      "cflags_cc": ["-std=c++17", "-fno-exceptions", "-fno-rtti"],
      "ldflags": ["-Wl,--gc-sections", "-Wl,-z,nodelete", "-s"],
      "xcode_settings": {
        "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
        "GCC_SYMBOLS_PRIVATE_EXTERN": "YES",
        "MACOSX_DEPLOYMENT_TARGET": "11.0"
      }
    }
  ]
}

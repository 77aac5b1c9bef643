# What every target of ours has in common: the language level, the warnings, and numbers that come out the same on every
# compiler and at every level of optimisation.
add_library(scrim_options INTERFACE)
target_compile_features(scrim_options INTERFACE cxx_std_20)
target_compile_options(
  scrim_options
  INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
            -ffp-contract=off -fno-strict-aliasing
            # g++ 12 optimising sees overlapping or endless copies in std::string's operator+ that are none (GCC bug 105651).
            "$<$<AND:$<CXX_COMPILER_ID:GNU>,$<NOT:$<CONFIG:Debug>>>:-Wno-restrict;-Wno-stringop-overflow>")

option(SCRIM_PCH "Compile the headers that nearly every file reads once" ${PROJECT_IS_TOP_LEVEL})

# scrim_precompiled(NAME HEADERS ... LINK ...): an object whose precompiled headers others reuse. It links what they come
# from, so that both see them with the same macros.
function(scrim_precompiled name)
  if(NOT SCRIM_PCH)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "HEADERS;LINK" ${ARGN})
  add_library(${name} OBJECT ${PROJECT_SOURCE_DIR}/cmake/precompiled.cpp)
  target_link_libraries(${name} PRIVATE $<BUILD_INTERFACE:scrim_options> ${arg_LINK})
  target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
  # For ccache: g++ keeps the includes when it only preprocesses, clang++ leaves the time of the build out.
  target_compile_options(
    scrim_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess> "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
endfunction()

set(scrim_common_headers
    <algorithm> <array> <chrono> <cmath> <cstdint> <deque> <filesystem> <functional> <map> <memory> <optional> <set> <span>
    <string> <string_view> <utility> <variant> <vector> <flatbuffers/flatbuffers.h> <spdlog/fmt/fmt.h> <spdlog/spdlog.h>)
scrim_precompiled(scrim_pch HEADERS ${scrim_common_headers} LINK spdlog::spdlog flatbuffers::flatbuffers)

# Optimising takes most of a build with sanitizers, so there nothing is optimised but what tests spend their time in.
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize")
  set(scrim_sanitized ON)
  scrim_precompiled(scrim_optimised_pch HEADERS ${scrim_common_headers} LINK spdlog::spdlog flatbuffers::flatbuffers)
  if(TARGET scrim_optimised_pch)
    target_compile_options(scrim_optimised_pch PRIVATE -O1)
  endif()
endif()

# scrim_library(NAME ALIAS alias SOURCES ... LINK ... LINK_PRIVATE ... [OPTIMISED]): a static library, PUBLIC includes at
# INCLUDE. OPTIMISED: under sanitizers too.
function(scrim_library name)
  cmake_parse_arguments(arg "OPTIMISED" "ALIAS;INCLUDE;INCLUDE_PRIVATE" "SOURCES;LINK;LINK_PRIVATE" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC ${arg_LINK} PRIVATE $<BUILD_INTERFACE:scrim_options> ${arg_LINK_PRIVATE})
  target_compile_features(${name} PUBLIC cxx_std_20)
  if(arg_INCLUDE)
    target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${arg_INCLUDE}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  endif()
  if(arg_INCLUDE_PRIVATE)
    target_include_directories(${name} PRIVATE ${arg_INCLUDE_PRIVATE})
  endif()
  set(pch scrim_pch)
  if(arg_OPTIMISED AND scrim_sanitized)
    target_compile_options(${name} PRIVATE -O1)
    set(pch scrim_optimised_pch)
  endif()
  if(SCRIM_PCH)
    target_precompile_headers(${name} REUSE_FROM ${pch})
  endif()
  if(arg_ALIAS)
    add_library(${arg_ALIAS} ALIAS ${name})
  endif()
endfunction()

# scrim_executable(NAME SOURCES ... LINK ... PCH target): a program in build/<preset>/bin, with another target's
# precompiled headers if it names one.
function(scrim_executable name)
  cmake_parse_arguments(arg "" "PCH" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE scrim_options ${arg_LINK})
  if(SCRIM_PCH AND arg_PCH)
    target_precompile_headers(${name} REUSE_FROM ${arg_PCH})
  endif()
endfunction()

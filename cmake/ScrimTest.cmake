# What is tested is optimised as the preset says; the tests' own code is not worth a third more of the build's time.
set(scrim_test_level -O0)

scrim_precompiled(
  scrim_test_pch HEADERS ${scrim_common_headers} <gmock/gmock.h> <gtest/gtest.h> LINK spdlog::spdlog flatbuffers::flatbuffers GTest::gmock)
if(TARGET scrim_test_pch)
  target_compile_options(scrim_test_pch PRIVATE ${scrim_test_level})
endif()

# scrim_test(NAME SOURCES ... LINK ... [OPTIMISED]): a GoogleTest program; each of its tests is a test of its own to
# ctest. OPTIMISED: it is, whatever the preset, since much of what it tests is compiled into it.
function(scrim_test name)
  cmake_parse_arguments(arg "OPTIMISED" "TIMEOUT" "SOURCES;LINK" ${ARGN})
  scrim_executable(
    ${name} PCH scrim_test_pch SOURCES ${arg_SOURCES} LINK ${arg_LINK} GTest::gmock GTest::gtest_main spdlog::spdlog flatbuffers::flatbuffers)
  target_compile_options(${name} PRIVATE $<IF:$<BOOL:${arg_OPTIMISED}>,-O1,${scrim_test_level}>)
  if(SCRIM_TEST_UNITY)
    set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
    # Nobody else includes a test; g++ knows that of the file that it is given alone.
    target_compile_options(${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
  if(arg_OPTIMISED)
    set_target_properties(${name} PROPERTIES DISABLE_PRECOMPILE_HEADERS ON)  # which are not
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  if(scrim_sanitized)
    math(EXPR arg_TIMEOUT "4 * ${arg_TIMEOUT}")
  endif()
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT ${arg_TIMEOUT})
endfunction()

# scrim_golden_test(NAME LEVEL SOURCES ... LINK ...): a test of hashes that must come out the same on every compiler, its
# sources compiled at -O<LEVEL> and without sanitizers, whatever the preset says.
function(scrim_golden_test name level)
  scrim_test(${name} ${ARGN})
  target_compile_options(${name} PRIVATE -O${level})
  if(scrim_sanitized)
    target_compile_options(${name} PRIVATE -fno-sanitize=all)
  endif()
  set_target_properties(${name} PROPERTIES DISABLE_PRECOMPILE_HEADERS ON)  # made for another level, they would be refused
endfunction()

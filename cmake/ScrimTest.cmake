# What is tested is optimised as the preset says; the tests' own code is not worth a third more of the build's time.
set(scrim_test_level $<IF:$<CONFIG:Release>,-O1,-O0>)

scrim_precompiled(
  scrim_test_pch HEADERS ${scrim_common_headers} <gmock/gmock.h> <gtest/gtest.h> LINK spdlog::spdlog flatbuffers::flatbuffers GTest::gmock)
if(TARGET scrim_test_pch)
  target_compile_options(scrim_test_pch PRIVATE ${scrim_test_level})
endif()

# scrim_test(NAME SOURCES ... LINK ...): a GoogleTest program; each of its tests is a test of its own to ctest.
function(scrim_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LINK" ${ARGN})
  scrim_executable(
    ${name} PCH scrim_test_pch SOURCES ${arg_SOURCES} LINK ${arg_LINK} GTest::gmock GTest::gtest_main spdlog::spdlog flatbuffers::flatbuffers)
  target_compile_options(${name} PRIVATE ${scrim_test_level})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT ${arg_TIMEOUT})
endfunction()

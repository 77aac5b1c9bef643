# What every target of ours has in common: the language level, the warnings, and numbers that come out the same on every
# compiler and at every level of optimisation.
add_library(scrim_options INTERFACE)
target_compile_features(scrim_options INTERFACE cxx_std_20)
target_compile_options(
  scrim_options
  INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
            -ffp-contract=off -fno-strict-aliasing
            # g++ 12 optimising sees overlapping copies in std::string's operator+ that are none (GCC bug 105651).
            $<$<AND:$<CXX_COMPILER_ID:GNU>,$<NOT:$<CONFIG:Debug>>>:-Wno-restrict>)

# scrim_library(NAME ALIAS alias SOURCES ... LINK ... LINK_PRIVATE ...): a static library, PUBLIC includes at INCLUDE.
function(scrim_library name)
  cmake_parse_arguments(arg "" "ALIAS;INCLUDE;INCLUDE_PRIVATE" "SOURCES;LINK;LINK_PRIVATE" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC ${arg_LINK} PRIVATE $<BUILD_INTERFACE:scrim_options> ${arg_LINK_PRIVATE})
  target_compile_features(${name} PUBLIC cxx_std_20)
  if(arg_INCLUDE)
    target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${arg_INCLUDE}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  endif()
  if(arg_INCLUDE_PRIVATE)
    target_include_directories(${name} PRIVATE ${arg_INCLUDE_PRIVATE})
  endif()
  if(arg_ALIAS)
    add_library(${arg_ALIAS} ALIAS ${name})
  endif()
endfunction()

# scrim_executable(NAME SOURCES ... LINK ...): a program in build/<preset>/bin.
function(scrim_executable name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE scrim_options ${arg_LINK})
endfunction()

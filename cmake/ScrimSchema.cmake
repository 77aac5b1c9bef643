# scrim_schema(TARGET SCHEMA.fbs [INCLUDES DIR...])
#
# Runs flatc on a game's schema and makes the INTERFACE library TARGET, which gives whoever links it
#   <name>_generated.h         the tables, with their object types (WorldT) and their full names
#   <name>_bfbs_generated.h    <Root>BinarySchema: the reflection that netcode reads
#   <name>.bfbs                the same reflection as a file
# in the build folder only. The schema may include "scrim.fbs", which declares the attributes netcode understands.
find_program(SCRIM_FLATC flatc REQUIRED)

function(scrim_schema target schema)
  cmake_parse_arguments(arg "" "" "INCLUDES" ${ARGN})
  get_filename_component(schema ${schema} ABSOLUTE)
  get_filename_component(name ${schema} NAME_WE)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${target}_schema)
  set(includes)
  foreach(dir IN LISTS arg_INCLUDES SCRIM_SCHEMA_DIR)
    list(APPEND includes -I ${dir})
  endforeach()
  set(generated ${out}/${name}_generated.h ${out}/${name}_bfbs_generated.h ${out}/${name}.bfbs)
  add_custom_command(
    OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${out}
    COMMAND ${SCRIM_FLATC} --cpp --cpp-std c++17 --gen-object-api --gen-name-strings --gen-mutable --scoped-enums --gen-all --bfbs-gen-embed
            --bfbs-builtins ${includes} -o ${out} ${schema}
    COMMAND ${SCRIM_FLATC} --binary --schema --bfbs-builtins ${includes} -o ${out} ${schema}
    DEPENDS ${schema} ${SCRIM_SCHEMA_DIR}/scrim.fbs
    COMMENT "flatc ${name}.fbs"
    VERBATIM)
  add_custom_target(${target}_generate DEPENDS ${generated})
  add_library(${target} INTERFACE)
  add_dependencies(${target} ${target}_generate)
  # SYSTEM: flatc's output is not ours to keep free of warnings.
  target_include_directories(${target} SYSTEM INTERFACE $<BUILD_INTERFACE:${out}>)
  set_target_properties(${target} PROPERTIES SCRIM_SCHEMA_OUT ${out})
endfunction()

if(NOT DEFINED SCRIM_SCHEMA_DIR)
  set(SCRIM_SCHEMA_DIR ${CMAKE_CURRENT_LIST_DIR}/../schemas)
endif()

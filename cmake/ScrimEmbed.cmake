# scrim_embed(TARGET FUNCTION FILE)
#
# Compiles a file into a target, as what FUNCTION returns: a std::string_view. The target declares it in a header of its
# own: `namespace netcode { std::string_view socketio_bundle(); }` for netcode::socketio_bundle.
#
# As a script (cmake -DFUNCTION=... -DFILE=... -DOUT=... -P ScrimEmbed.cmake) it writes that source.
if(CMAKE_SCRIPT_MODE_FILE)
  string(REGEX MATCH "^(.*)::([^:]*)$" matched ${FUNCTION})
  set(space ${CMAKE_MATCH_1})
  set(name ${CMAKE_MATCH_2})
  file(READ ${FILE} bytes HEX)
  string(LENGTH "${bytes}" size)
  math(EXPR size "${size} / 2")
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  get_filename_component(shown ${FILE} NAME)
  file(
    WRITE ${OUT}
    "// ${shown}, as it was when this was built: made by ScrimEmbed.cmake.
#include <string_view>

namespace ${space} {
namespace {
constexpr unsigned char kBytes[] = {${bytes}0};
}

std::string_view ${name}();
std::string_view ${name}() { return {reinterpret_cast<const char*>(kBytes), ${size}}; }

}  // namespace ${space}
")
  return()
endif()

set(SCRIM_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(scrim_embed target function file)
  get_filename_component(file ${file} ABSOLUTE)
  string(REPLACE "::" "_" name ${function})
  set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded/${name}.cpp)
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DFUNCTION=${function} -DFILE=${file} -DOUT=${out} -P ${SCRIM_EMBED_SCRIPT}
    DEPENDS ${file} ${SCRIM_EMBED_SCRIPT}
    COMMENT "Embedding ${function}"
    VERBATIM)
  set_source_files_properties(${out} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)  # each has the same names
  target_sources(${target} PRIVATE ${out})
endfunction()

# Install and export: what find_package(Scrim) finds. netcode_server becomes Scrim::server, and so on; a game links
# Scrim::server, Scrim::client, Scrim::recording or Scrim::testing, and the rooms behind them come along.
include(CMakePackageConfigHelpers)

set(SCRIM_INSTALL_CONFIG_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/Scrim)
set(SCRIM_INSTALL_SCHEMA_DIR ${CMAKE_INSTALL_DATADIR}/scrim/schemas)

# netcode_private holds nothing once installed: its folders are those of this tree. It is there since the rooms name it.
set(rooms engine_core netcode_headers netcode_private)
foreach(room schema transport simnet protocol replication simulation recording socketio server client testing)
  if(TARGET netcode_${room})
    list(APPEND rooms netcode_${room})
    set_target_properties(netcode_${room} PROPERTIES EXPORT_NAME ${room})
  endif()
endforeach()

install(TARGETS ${rooms} EXPORT ScrimTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT ScrimTargets NAMESPACE Scrim:: DESTINATION ${SCRIM_INSTALL_CONFIG_DIR})
install(DIRECTORY engine/include/engine/core DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/engine)
install(DIRECTORY netcode/include/netcode DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES schemas/scrim.fbs schemas/protocol.fbs schemas/recording.fbs DESTINATION ${SCRIM_INSTALL_SCHEMA_DIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

configure_package_config_file(
  cmake/ScrimConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/ScrimConfig.cmake
  INSTALL_DESTINATION ${SCRIM_INSTALL_CONFIG_DIR}
  PATH_VARS SCRIM_INSTALL_SCHEMA_DIR)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/ScrimConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/ScrimConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/ScrimConfigVersion.cmake
              cmake/ScrimSchema.cmake DESTINATION ${SCRIM_INSTALL_CONFIG_DIR})

if(SCRIM_GAME)
  install(TARGETS scrim-server scrim-bots scrim-replay arena_stats RUNTIME)
  if(TARGET scrim)
    install(TARGETS scrim RUNTIME)
  endif()
  install(DIRECTORY ${SCRIM_MAPS_DIR}/ DESTINATION ${CMAKE_INSTALL_DATADIR}/scrim/maps)
endif()

# xplat_library(<name> [LINK_LIBS ...] [DEPENDS ...])
#
# A static library of every *.cpp in the folder: adding a source file needs no
# change of CMake.
function(xplat_library name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS;DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} *.cpp)
  add_mlir_library(${name} STATIC ${sources}
    DISABLE_INSTALL EXCLUDE_FROM_LIBMLIR
    DEPENDS ${ARG_DEPENDS}
    LINK_LIBS PUBLIC ${ARG_LINK_LIBS})
  foreach(target ${name} obj.${name})
    if(TARGET ${target})
      target_compile_options(${target} PRIVATE -Wall -Wno-comment)
    endif()
  endforeach()
endfunction()

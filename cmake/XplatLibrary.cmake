# xplat_library(<name> [LINK_LIBS ...] [DEPENDS ...])
#
# A static library of every *.cpp in the folder: adding a source file needs no
# change of CMake.
#
# MLIR's headers are most of what a source reads, and never change: the first
# library compiles them once, the others use the result.
set(XPLAT_MLIR_HEADERS
  <mlir/Dialect/Arith/IR/Arith.h> <mlir/Dialect/Func/IR/FuncOps.h>
  <mlir/IR/BuiltinTypes.h> <mlir/IR/OpImplementation.h> <mlir/IR/SymbolTable.h>
  <mlir/Pass/Pass.h>)

function(xplat_library name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS;DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} *.cpp)
  add_mlir_library(${name} STATIC ${sources}
    DISABLE_INSTALL EXCLUDE_FROM_LIBMLIR
    DEPENDS ${ARG_DEPENDS}
    LINK_LIBS PUBLIC ${ARG_LINK_LIBS})
  target_compile_options(${name} PRIVATE -Wall -Wno-comment)
  get_property(first GLOBAL PROPERTY XPLAT_FIRST_LIBRARY)
  if(first)
    target_precompile_headers(${name} REUSE_FROM ${first})
  else()
    target_precompile_headers(${name} PRIVATE ${XPLAT_MLIR_HEADERS})
    set_property(GLOBAL PROPERTY XPLAT_FIRST_LIBRARY ${name})
  endif()
endfunction()

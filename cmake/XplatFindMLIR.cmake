# Finds MLIR and prepares the CMake of LLVM and MLIR for a project outside their
# tree.
#
# The MLIR development kit is a set of Python packages (versions: requirements.lock):
# it is found beside the Python interpreter that builds, unless MLIR_DIR says
# where.

set(Python3_FIND_VIRTUALENV FIRST)
set(Python_FIND_VIRTUALENV FIRST)
if(Python3_EXECUTABLE AND NOT Python_EXECUTABLE)
  set(Python_EXECUTABLE "${Python3_EXECUTABLE}")
elseif(Python_EXECUTABLE AND NOT Python3_EXECUTABLE)
  set(Python3_EXECUTABLE "${Python_EXECUTABLE}")
endif()
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter Development.Module)

if(NOT MLIR_DIR)
  execute_process(
    COMMAND "${Python3_EXECUTABLE}" -c
      "import importlib.metadata as m; print(m.distribution('xtc-mlir-dev').locate_file('mlir/lib/cmake/mlir'))"
    OUTPUT_VARIABLE _mlir_dir OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(EXISTS "${_mlir_dir}")
    set(MLIR_DIR "${_mlir_dir}" CACHE PATH "CMake package of MLIR" FORCE)
    cmake_path(SET _llvm_dir NORMALIZE "${_mlir_dir}/../../../../llvm/lib/cmake/llvm")
    set(LLVM_DIR "${_llvm_dir}" CACHE PATH "CMake package of LLVM" FORCE)
  endif()
endif()
find_package(MLIR REQUIRED CONFIG)
message(STATUS "MLIR ${LLVM_PACKAGE_VERSION} in ${MLIR_DIR}")

# The kit's static MLIR libraries ask for LLVM as one shared library of 136 MB.
# Ask for the few static libraries that are used instead: the result runs
# without any LLVM package installed, starts faster, and shares no symbol with
# another LLVM in the same process.
if(TARGET LLVM)
  set(LLVM_LINK_LLVM_DYLIB OFF)
  add_library(XplatLLVM INTERFACE)
  target_link_libraries(XplatLLVM INTERFACE LLVMCore LLVMTargetParser LLVMSupport)
  get_property(_imported DIRECTORY PROPERTY IMPORTED_TARGETS)
  foreach(_target IN LISTS _imported)
    foreach(_property INTERFACE_LINK_LIBRARIES MLIR_AGGREGATE_DEP_LIBS_IMPORTED)
      get_target_property(_libs ${_target} ${_property})
      if("LLVM" IN_LIST _libs)
        list(TRANSFORM _libs REPLACE "^LLVM$" "XplatLLVM")
        set_target_properties(${_target} PROPERTIES ${_property} "${_libs}")
      endif()
    endforeach()
  endforeach()
endif()

set(LLVM_RUNTIME_OUTPUT_INTDIR ${CMAKE_BINARY_DIR}/bin)
set(LLVM_LIBRARY_OUTPUT_INTDIR ${CMAKE_BINARY_DIR}/lib)
set(MLIR_BINARY_DIR ${CMAKE_BINARY_DIR})

list(APPEND CMAKE_MODULE_PATH "${MLIR_CMAKE_DIR}" "${LLVM_CMAKE_DIR}")
include(TableGen)
include(AddLLVM)
include(AddMLIR)
include(HandleLLVMOptions)
# Warnings stay off for upstream's sources only: see xplat_library.
string(REGEX REPLACE "(^| )-w( |$)" " " CMAKE_CXX_FLAGS "${CMAKE_CXX_FLAGS}")
string(REGEX REPLACE "(^| )-w( |$)" " " CMAKE_C_FLAGS "${CMAKE_C_FLAGS}")
include(AddMLIRPython)
include(MLIRDetectPythonEnv)

set(MLIR_ENABLE_BINDINGS_PYTHON ON)
# The domain keeps our bindings' types apart from those of another MLIR in the
# same interpreter.
set(MLIR_BINDINGS_PYTHON_NB_DOMAIN xplat)
mlir_configure_python_dev_packages()

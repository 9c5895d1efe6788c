# Links what needs no compiler into the package of the build tree. Folders are
# linked whole, so a new file in one is there at once; a new file or folder
# right under python/xplat is linked by the next build.
# Variables: SOURCE (repository), PACKAGE (package in the build tree), OPT (xplat-opt).

function(link from to)
  if(IS_SYMLINK ${to})
    file(READ_SYMLINK ${to} now)
    if(now STREQUAL from)
      return()
    endif()
  endif()
  file(REMOVE ${to})
  file(CREATE_LINK ${from} ${to} SYMBOLIC)
endfunction()

# Links whose source is gone.
file(GLOB present LIST_DIRECTORIES true ${PACKAGE}/*)
foreach(path IN LISTS present)
  if(IS_SYMLINK ${path} AND NOT EXISTS ${path})
    file(REMOVE ${path})
  endif()
endforeach()

file(GLOB sources LIST_DIRECTORIES true RELATIVE ${SOURCE}/python/xplat ${SOURCE}/python/xplat/*)
list(REMOVE_ITEM sources dialects _mlir_libs __pycache__)
foreach(name IN LISTS sources)
  # What a package that has moved leaves behind: compiled files.
  if(IS_DIRECTORY ${SOURCE}/python/xplat/${name} AND NOT EXISTS ${SOURCE}/python/xplat/${name}/__init__.py)
    file(REMOVE ${PACKAGE}/${name})
    continue()
  endif()
  link(${SOURCE}/python/xplat/${name} ${PACKAGE}/${name})
endforeach()

file(MAKE_DIRECTORY ${PACKAGE}/share ${PACKAGE}/bin)
link(${SOURCE}/hw_kernels ${PACKAGE}/share/hw_kernels)
link(${SOURCE}/dialects/xplat/devices ${PACKAGE}/share/devices)
link(${OPT} ${PACKAGE}/bin/xplat-opt)

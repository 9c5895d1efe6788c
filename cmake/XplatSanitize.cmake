# Compiles our C++ with AddressSanitizer and UndefinedBehaviorSanitizer and links
# it with the prebuilt MLIR, which is not instrumented.
#
# - LLVM's headers must not know that AddressSanitizer is on. Otherwise the
#   allocators in them poison memory in our object files only, and the same
#   functions in the prebuilt libraries never unpoison it. GCC tells them by
#   __SANITIZE_ADDRESS__; the macro selects nothing else that we use.
# - The check `vptr` needs RTTI, which MLIR is built without. The checks of every
#   single pointer (null, alignment, object-size) double the time that the
#   generated sources take to compile; a null pointer ends the program anyway.
# - An undefined operation ends the program, so that a test cannot pass with one.
add_compile_options(-fsanitize=address,undefined -fno-sanitize=vptr,null,alignment,object-size
                    -fno-sanitize-recover=all -fno-omit-frame-pointer -g1 -O1 -U__SANITIZE_ADDRESS__)
add_link_options(-fsanitize=address,undefined)

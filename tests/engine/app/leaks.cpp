// SDL keeps its last error for each thread until SDL_Quit, which only a program with a window calls: to the leak
// checker of the sanitizers that is a leak.
extern "C" const char* __lsan_default_suppressions();  // NOLINT: the sanitizer's name
extern "C" const char* __lsan_default_suppressions() { return "leak:libSDL2"; }

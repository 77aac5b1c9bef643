// Is this built with the address or the thread sanitizer? Those look for what is read, written or freed wrongly, which
// shows as well in a part of what a test repeats; without them, and in a tenth of the time, it repeats all of it.
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SCRIM_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SCRIM_SANITIZED 1
#endif
#endif
#ifndef SCRIM_SANITIZED
#define SCRIM_SANITIZED 0
#endif

inline constexpr bool kSanitized = SCRIM_SANITIZED != 0;

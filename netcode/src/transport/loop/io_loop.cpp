#include "transport/loop/io_loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "transport/loop/io_faults.hpp"
#include "transport/loop/poller.hpp"
#include "transport/loop/read_buffer.hpp"
#include "transport/loop/timer_queue.hpp"

namespace netcode::transport {

namespace asio = boost::asio;

namespace {
/// Timers run between looks at the sockets: so many at once, so that neither starves the other.
constexpr int kTimersPerTurnMax = 64;
}  // namespace

/// One kernel timer for all timers of the loop: most are set and cancelled without ever being the next one.
struct IoLoop::Impl {
  struct Context : asio::io_context {
    Context() : asio::io_context(1) {}
    using asio::io_context::shutdown;  // destroys what waits; the sockets and timers on it can still go in peace
  };

  Impl() : work(context.get_executor()), alarm(context) { poller.open(context); }
  ~Impl() { abandon(); }

  void abandon() {
    if (std::exchange(is_abandoned, true)) return;
    timers.clear();
    poller.shut();
    context.shutdown();
    timers.clear();  // what was destroyed may have set some
  }

  void arm() {
    const auto next = timers.next_due();
    if (!next || (armed_for && *armed_for <= *next)) return;
    armed_for = next;
    alarm.expires_at(std::chrono::time_point_cast<std::chrono::steady_clock::duration>(*next));
    alarm.async_wait([this](const boost::system::error_code& error) {
      if (error) return;  // armed anew for an earlier time
      armed_for.reset();
      run_timers();
    });
  }

  void run_timers() {
    const auto now = std::chrono::steady_clock::now();
    for (int i = 0; i < kTimersPerTurnMax; ++i) {
      const Task task = timers.take_due(now);
      if (!task) break;
      task();
    }
    arm();
  }

  // These outlive the context: what is destroyed with the context cancels its timers and leaves its poller.
  TimerQueue timers;
  Poller poller;
  IoFaults faults;
  ReadBuffer read_buffer;
  std::optional<engine::TimePoint> armed_for;
  bool is_abandoned = false;
  Context context;
  asio::executor_work_guard<asio::io_context::executor_type> work;
  asio::steady_timer alarm;
};

IoLoop::IoLoop() : impl_(std::make_unique<Impl>()) {}

IoLoop::~IoLoop() = default;

void IoLoop::post(Task task) {
  if (!impl_->is_abandoned) asio::post(impl_->context, std::move(task));
}

engine::TimePoint IoLoop::now() const { return std::chrono::steady_clock::now(); }

Loop::TimerId IoLoop::call_at(engine::TimePoint due, Task task) {
  const auto id = impl_->timers.add(due, std::move(task));
  if (!impl_->is_abandoned) impl_->arm();
  return id;
}

void IoLoop::cancel(TimerId timer) { impl_->timers.cancel(timer); }

void IoLoop::run() {
  impl_->context.run();
  impl_->context.restart();
}

void IoLoop::poll() {
  impl_->context.poll();
  impl_->context.restart();
}

void IoLoop::run_for(engine::Duration duration) {
  impl_->context.run_for(duration);
  impl_->context.restart();
}

void IoLoop::stop() { impl_->context.stop(); }

void IoLoop::abandon() { impl_->abandon(); }

asio::io_context& IoLoop::context() { return impl_->context; }

Poller& IoLoop::poller() { return impl_->poller; }

ReadBuffer& IoLoop::read_buffer() { return impl_->read_buffer; }

IoFaults& IoLoop::faults() { return impl_->faults; }

}  // namespace netcode::transport

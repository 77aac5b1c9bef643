// Random schemas with every shape that JSON has a form for, and random JSON of their types.
#pragma once

#include <engine/core/rng.hpp>

#include <boost/json/value.hpp>
#include <span>
#include <string>

#include "schema/type_table.hpp"

namespace netcode::testing {

/// For CompiledBuild: structs with arrays, unions, flags, keys; the table T leads to all of them.
std::string random_json_schema(engine::Rng& rng);

/// What json_to_table takes: some fields left out or null, numbers where there could be names.
boost::json::value random_json(const TypeInfo& type, engine::Rng& rng, int depth = 0);

/// The way to the first value of `given` that is not in `said`, both of the type; empty: all are. Elements with keys
/// may be in another order.
std::string missing_in(const TypeInfo& type, const boost::json::value& given, const boost::json::value& said,
                       std::span<const std::string> attachments);

/// Changes one value or name somewhere in it.
void damage(boost::json::value& value, engine::Rng& rng);

}  // namespace netcode::testing

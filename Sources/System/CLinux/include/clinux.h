// SPDX-License-Identifier: EUPL-1.2
// Torhaus: Linux calls that the Swift overlay does not import. One header per topic is included here.
#pragma once

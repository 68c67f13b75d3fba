# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: what the end-to-end tests need to start real daemons, real desktops and real clients.

Everything runs on loopback, below one private directory, and is stopped by process id.
"""

// SPDX-License-Identifier: EUPL-1.2
// Torhaus: verifies a copied audit log with Go's own implementation of signed notes and tiled logs.
// verify.md beside this folder says how to build and run it; nothing of Torhaus is needed.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const usage = `usage: verify KEY-FILE LOG-DIRECTORY [OLDER-CHECKPOINT]   every record, every hash, growth since then
       verify KEY-FILE --proof PROOF-FILE ENTRY-FILE      one record and its evidence`

// directory is a copied log.
type directory string

// The names of C2SP tlog-tiles are Go's without the height.
func (d directory) file(t tlog.Tile) string {
	name := strings.Replace(t.Path(), "tile/8/", "tile/", 1)
	return filepath.Join(string(d), strings.Replace(name, "tile/data/", "tile/entries/", 1))
}

// read gives a tile's file; while a log is copied a partial file may give way to the full one, which begins the same.
func (d directory) read(t tlog.Tile) ([]byte, bool, error) {
	data, err := os.ReadFile(d.file(t))
	if os.IsNotExist(err) && t.W < 256 {
		t.W = 256
		data, err = os.ReadFile(d.file(t))
		return data, true, err
	}
	return data, false, err
}

// storage holds every hash of the tree, computed by Go's code from the records.
//
// tlog.TileHashReader would need less memory, but the version of Debian 12 does not compare every full tile with
// its parent when several subtrees lie in one tile.
type storage []tlog.Hash

func (s storage) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, index := range indexes {
		if index < 0 || index >= int64(len(s)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		found = append(found, s[index])
	}
	return found, nil
}

func fail(format string, arguments ...any) {
	fmt.Printf("NOT GOOD: "+format+"\n", arguments...)
	os.Exit(1)
}

// open verifies the log's signature and takes the checkpoint apart.
func open(keyFile string, data []byte) (string, tlog.Tree) {
	key, err := os.ReadFile(keyFile)
	if err != nil {
		fail("%v", err)
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(key)))
	if err != nil {
		fail("the key: %v", err)
	}
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		fail("the checkpoint: %v", err)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		fail("the checkpoint is not of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		fail("the checkpoint's size: %v", err)
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		fail("the checkpoint's root: %v", err)
	}
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	return lines[0], tree
}

func entries(d directory, bundle int64, width int) ([][]byte, error) {
	data, grown, err := d.read(tlog.Tile{H: 8, L: -1, N: bundle, W: width})
	if err != nil {
		return nil, err
	}
	var found [][]byte
	for len(data) >= 2 && len(found) < width {
		length := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+length {
			break
		}
		found = append(found, data[2:2+length])
		data = data[2+length:]
	}
	if len(found) != width || len(data) != 0 && !grown {
		return nil, fmt.Errorf("the bundle is damaged")
	}
	return found, nil
}

// leaves gives the hashes of a tile, for records that are gone.
func leaves(d directory, number int64, width int) ([]tlog.Hash, error) {
	data, _, err := d.read(tlog.Tile{H: 8, L: 0, N: number, W: width})
	if err != nil {
		return nil, err
	}
	if len(data) < width*tlog.HashSize {
		return nil, fmt.Errorf("the tile is damaged")
	}
	found := make([]tlog.Hash, width)
	for i := range found {
		copy(found[i][:], data[i*tlog.HashSize:])
	}
	return found, nil
}

// compareTiles checks every tile file of the tree against the hashes that the records give.
func compareTiles(d directory, size int64, hashes storage) {
	for level := 0; size>>(8*level) > 0; level++ {
		count := size >> (8 * level)
		for number := int64(0); number*256 < count; number++ {
			tile := tlog.Tile{H: 8, L: level, N: number, W: 256}
			if count-number*256 < 256 {
				tile.W = int(count - number*256)
			}
			expected, err := tlog.ReadTileData(tile, hashes)
			if err != nil {
				fail("%v", err)
			}
			data, grown, err := d.read(tile)
			if err != nil {
				fail("%v", err)
			}
			if grown && len(data) > len(expected) {
				data = data[:len(expected)]
			}
			if !bytes.Equal(data, expected) {
				fail("%s is not the tile of the records", d.file(tile))
			}
		}
	}
}

// minimum is the number below which bundles may have been removed when their time was over.
func minimum(d directory) int64 {
	data, err := os.ReadFile(filepath.Join(string(d), "minimum-index"))
	if err != nil {
		return 0
	}
	index, err := strconv.ParseInt(strings.TrimSpace(string(data)), 10, 64)
	if err != nil {
		fail("minimum-index: %v", err)
	}
	return index
}

func verifyLog(keyFile string, d directory, older string) {
	data, err := os.ReadFile(filepath.Join(string(d), "checkpoint"))
	if err != nil {
		fail("%v", err)
	}
	origin, tree := open(keyFile, data)
	gone := minimum(d)
	var hashes storage
	verified, pruned := int64(0), int64(0)
	for start := int64(0); start < tree.N; start += 256 {
		width := 256
		if tree.N-start < 256 {
			width = int(tree.N - start)
		}
		var recordHashes []tlog.Hash
		found, err := entries(d, start/256, width)
		if os.IsNotExist(err) && start+256 <= gone {
			recordHashes, err = leaves(d, start/256, width)
			pruned += int64(width)
		} else {
			for _, entry := range found {
				recordHashes = append(recordHashes, tlog.RecordHash(entry))
			}
			verified += int64(width)
		}
		if err != nil {
			fail("records %d to %d: %v", start, start+int64(width)-1, err)
		}
		for i, hash := range recordHashes {
			more, err := tlog.StoredHashesForRecordHash(start+int64(i), hash, hashes)
			if err != nil {
				fail("%v", err)
			}
			hashes = append(hashes, more...)
		}
	}
	compareTiles(d, tree.N, hashes)
	root, err := tlog.TreeHash(tree.N, hashes)
	if tree.N == 0 {
		root, err = sha256.Sum256(nil), nil
	}
	if err != nil || root != tree.Hash {
		fail("the records are not those that were signed")
	}
	if older != "" {
		data, err := os.ReadFile(older)
		if err != nil {
			fail("%v", err)
		}
		_, before := open(keyFile, data)
		proof, err := tlog.ProveTree(tree.N, before.N, hashes)
		if err == nil {
			err = tlog.CheckTree(proof, tree.N, tree.Hash, before.N, before.Hash)
		}
		if err != nil {
			fail("this log is not the continuation of the one with %d records: %v", before.N, err)
		}
		fmt.Printf("it continues the log of %d records\n", before.N)
	}
	fmt.Printf("GOOD: %s has %d records, %d of them verified, %d removed when their time was over\n", origin, tree.N, verified, pruned)
}

func verifyProof(keyFile, proofFile, entryFile string) {
	data, err := os.ReadFile(proofFile)
	if err != nil {
		fail("%v", err)
	}
	entry, err := os.ReadFile(entryFile)
	if err != nil {
		fail("%v", err)
	}
	head, checkpoint, ok := bytes.Cut(data, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !ok || lines[0] != "c2sp.org/tlog-proof@v1" {
		fail("not a proof file")
	}
	lines = lines[1:]
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		fail("not a proof file")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	if err != nil {
		fail("the index: %v", err)
	}
	var proof tlog.RecordProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			fail("the proof: %v", err)
		}
		proof = append(proof, hash)
	}
	origin, tree := open(keyFile, checkpoint)
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
		fail("record %d: %v", index, err)
	}
	fmt.Printf("GOOD: this is record %d of %d in %s\n", index, tree.N, origin)
}

func main() {
	switch {
	case len(os.Args) == 5 && os.Args[2] == "--proof":
		verifyProof(os.Args[1], os.Args[3], os.Args[4])
	case len(os.Args) == 4:
		verifyLog(os.Args[1], directory(os.Args[2]), os.Args[3])
	case len(os.Args) == 3:
		verifyLog(os.Args[1], directory(os.Args[2]), "")
	default:
		fmt.Println(usage)
		os.Exit(2)
	}
}

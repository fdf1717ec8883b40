"""Data for training: data sets and batches, splits, scaling, labels, and reading files."""

from nn.data.archives import load_npz
from nn.data.datasets import Dataset, Subset, TensorDataset, default_collate
from nn.data.idx import load_idx, save_idx
from nn.data.labels import LabelEncoder, one_hot
from nn.data.loader import DataLoader
from nn.data.scaling import MinMaxScaler, StandardScaler
from nn.data.splitting import random_split, train_test_split
from nn.data.tables import Table, load_csv

__all__ = [
    "DataLoader",
    "Dataset",
    "LabelEncoder",
    "MinMaxScaler",
    "StandardScaler",
    "Subset",
    "Table",
    "TensorDataset",
    "default_collate",
    "load_csv",
    "load_idx",
    "load_npz",
    "one_hot",
    "random_split",
    "save_idx",
    "train_test_split",
]

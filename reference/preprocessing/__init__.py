"""Features made fit for learning: scaled, encoded, brought from dicts to a matrix."""

from reference.preprocessing.dict_vectorizer import DictVectorizer
from reference.preprocessing.encoding import LabelEncoder, OneHotEncoder, one_hot
from reference.preprocessing.scaling import MinMaxScaler, StandardScaler

__all__ = [
    "DictVectorizer",
    "LabelEncoder",
    "MinMaxScaler",
    "OneHotEncoder",
    "StandardScaler",
    "one_hot",
]
